import CImageCodecs

/// The picture of an AVIF and its alpha, decoded by libavif and dav1d.
enum AVIFContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            icc_avif_validate(buffer.baseAddress, buffer.count, UInt32(header.width), UInt32(header.height))
        }
        try outcome.check()
    }
}
