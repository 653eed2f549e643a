import CImageCodecs

/// The coefficients of a JPEG, all scans of them, decoded by libjpeg-turbo.
enum JPEGContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            icc_jpeg_validate(
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
