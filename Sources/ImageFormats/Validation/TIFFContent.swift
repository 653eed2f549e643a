import CImageCodecs

/// The rows or tiles of all pages of a TIFF, decoded by libtiff one by one. The first page is the one that variants show:
/// what libtiff cannot turn into colours is not let in, so that what is kept can always be drawn.
enum TIFFContent {
    static func decode(_ bytes: Span<UInt8>, _ header: ImageHeader) throws(ImageFault) {
        let memoryMaxBytes = header.decodeMemoryBytes
        var pages: [(offset: UInt32, width: UInt32, height: UInt32)] = []
        try TIFFHeader.forEachDirectory(bytes) { (directory, offset) in
            pages.append((UInt32(offset), UInt32(directory.width), UInt32(directory.height)))
        }
        for (number, page) in pages.enumerated() {
            let outcome = bytes.withUnsafeBufferPointer { buffer in
                icc_tiff_validate(
                    buffer.baseAddress,
                    buffer.count,
                    page.offset,
                    page.width,
                    page.height,
                    memoryMaxBytes,
                    number == 0
                )
            }
            try outcome.check()
        }
    }
}
