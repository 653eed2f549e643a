import CImageCodecs

/// The rows or tiles of all pages of a TIFF, decoded by libtiff one by one.
enum TIFFContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let memoryMaxBytes = header.decodeMemoryBytes
        var pages: [(offset: UInt32, width: UInt32, height: UInt32)] = []
        try TIFFHeader.forEachDirectory(bytes) { (directory, offset) in
            pages.append((UInt32(offset), UInt32(directory.width), UInt32(directory.height)))
        }
        for page in pages {
            let outcome = bytes.withUnsafeBufferPointer { buffer in
                icc_tiff_validate(
                    buffer.baseAddress,
                    buffer.count,
                    page.offset,
                    page.width,
                    page.height,
                    memoryMaxBytes
                )
            }
            try outcome.check()
        }
    }
}
