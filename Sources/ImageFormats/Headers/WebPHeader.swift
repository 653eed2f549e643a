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
            memoryBytes = max(memoryBytes, try picture.decodeMemoryBytes(bytes))
        }
        return ImageHeader(
            format: .webp,
            width: chunks.width,
            height: chunks.height,
            frames: frames,
            // libwebp's demuxer, which looks at the whole file first, lists its frames and chunks.
            decodeMemoryBytes: memoryBytes + frames * 128 + chunks.count * 48,
            orientation: chunks.orientation
        )
    }
}

extension WebPChunks.Picture {
    /// What libwebp holds while it decodes this picture into nothing: rows of blocks; of a lossless picture, or plane of
    /// alpha, all pixels, the data of three transforms and the tables of its prefix codes.
    func decodeMemoryBytes(_ bytes: Span<UInt8>) throws(ImageFault) -> Int {
        let pixels = width * height
        var memoryBytes = 1024 * 1024 + width * 256
        if isLossless {
            // The signature and the size take 5 bytes (RFC 9649 §3.4).
            let stream = bitstream.lowerBound + 5..<bitstream.upperBound
            let picture = try LosslessPicture(bytes, in: stream, width: width, height: height)
            memoryBytes += pixels * 5 + width * 128 + picture.tableBytes
        }
        if !alpha.isEmpty {
            memoryBytes += pixels * 7
            // §2.7.1.2: the lowest two bits of the first byte say whether the plane is a lossless stream.
            if bytes[alpha.lowerBound] & 3 == 1 {
                let stream = alpha.lowerBound + 1..<alpha.upperBound
                let plane = try LosslessPicture(bytes, in: stream, width: width, height: height)
                memoryBytes += plane.tableBytes
            }
        }
        return memoryBytes
    }
}
