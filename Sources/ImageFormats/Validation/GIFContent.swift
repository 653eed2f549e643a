/// The pixels of a GIF: the LZW data of every frame.
enum GIFContent {
    static func decode(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) {
        var blocks = try GIFBlocks(bytes, budget)
        var lengths = GIFCodeLengths()
        while let frame = try blocks.nextFrame(bytes) { try lengths.decode(bytes, frame) }
    }
}
