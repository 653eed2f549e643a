import CImageCodecs

/// The rows of a PNG and of the frames of an animation, inflated by zlib.
enum PNGContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let isAnimated = try PNGHeader.isAnimated(bytes)
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            icc_png_validate(
                buffer.baseAddress,
                buffer.count,
                UInt32(header.width),
                UInt32(header.height),
                isAnimated
            )
        }
        try outcome.check()
    }
}
