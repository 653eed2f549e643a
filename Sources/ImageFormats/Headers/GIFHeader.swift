/// The header of a GIF: its canvas and its frames, all of them counted.
enum GIFHeader {
    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        var blocks = try GIFBlocks(bytes, budget)
        while try blocks.nextFrame(bytes) != nil {}
        return ImageHeader(
            format: .gif,
            width: blocks.width,
            height: blocks.height,
            frames: blocks.frames,
            decodeMemoryBytes: GIFCodeLengths.memoryBytes
        )
    }
}
