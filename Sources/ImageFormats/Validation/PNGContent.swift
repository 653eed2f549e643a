import CImageCodecs

/// The pixels of a PNG, decoded by libpng row by row; the frames of an animation, inflated by zlib.
enum PNGContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            icc_png_validate(
                buffer.baseAddress,
                buffer.count,
                UInt32(header.width),
                UInt32(header.height),
                header.decodeMemoryBytes
            )
        }
        try outcome.check()
    }
}
