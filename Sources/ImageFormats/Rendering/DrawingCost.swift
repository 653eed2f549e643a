/// What it takes to decode an image for drawing it, by its format.
extension ImageHeader {
    /// Whether the decoder can give the image with its sides divided by 2, 4 or 8.
    var canBeReduced: Bool {
        switch format {
        case .jpeg: true
        // A frame of an animation has a place on the canvas, which would have to be reduced with it.
        case .webp: frames == 1
        case .png, .gif, .bmp, .tiff, .avif: false
        }
    }

    /// Memory in bytes, besides the file and the canvas.
    func drawingMemoryBytes(reduction: Int, isInterlaced: Bool) -> Int {
        let pixels = width * height
        let drawnPixels = ((width + reduction - 1) / reduction) * ((height + reduction - 1) / reduction)
        return switch format {
        // Rows of up to eight bytes a pixel; of an interlaced image all of them, for they come in seven passes.
        case .png: decodeMemoryBytes + width * 32 + (isInterlaced ? pixels * 4 : 0)
        case .jpeg: decodeMemoryBytes + width * 64
        case .webp: decodeMemoryBytes + drawnPixels * 4 + width * 64
        case .gif, .bmp: decodeMemoryBytes + pixels + width * 8
        // Raw samples of a strip, which may be the whole page, and the pixels of the page.
        case .tiff: decodeMemoryBytes + pixels * (10 + 4)
        case .avif: decodeMemoryBytes + pixels * 4
        }
    }
}
