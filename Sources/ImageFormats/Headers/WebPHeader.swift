/// The header of a WebP: its canvas and its pictures, all of them counted.
enum WebPHeader {
    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        var chunks = try WebPChunks(bytes)
        try budget.admit(width: chunks.width, height: chunks.height)
        var frames = 0
        var memoryBytes = 0
        while let picture = try chunks.nextPicture(bytes) {
            frames += 1
            try budget.admit(width: chunks.width, height: chunks.height, frames: frames)
            memoryBytes = max(memoryBytes, picture.decodeMemoryBytes)
        }
        return ImageHeader(
            format: .webp,
            width: chunks.width,
            height: chunks.height,
            frames: frames,
            decodeMemoryBytes: memoryBytes,
            orientation: chunks.orientation
        )
    }
}

extension WebPChunks.Picture {
    /// What libwebp holds while it decodes this picture into nothing.
    var decodeMemoryBytes: Int {
        let pixels = width * height
        return 1024 * 1024 + width * 256 + (isLossless ? pixels * 4 + width * 128 : 0)
            + (hasAlphaChunk ? pixels * 6 : 0)
    }
}
