import CImageCodecs

/// The pictures of a WebP, decoded by libwebp one by one.
///
/// The pictures are found by our own walk: libwebp's demuxer searches its list from the start for each frame, which
/// takes minutes for a file of some hundred thousand frames of a pixel each. It is only asked whether it takes the file at
/// all: browsers begin with it, and it refuses reserved flags and a last chunk without its padding.
enum WebPContent {
    static func decode(_ bytes: Span<UInt8>) throws(ImageFault) {
        let outcome = bytes.withUnsafeBufferPointer { icc_webp_validate_container($0.baseAddress, $0.count) }
        try outcome.check()
        var chunks = try WebPChunks(bytes)
        while let picture = try chunks.nextPicture(bytes) {
            let outcome = bytes.extracting(picture.data).withUnsafeBufferPointer { buffer in
                icc_webp_validate(buffer.baseAddress, buffer.count, UInt32(picture.width), UInt32(picture.height))
            }
            try outcome.check()
        }
    }
}
