/// The header of a BMP.
enum BMPHeader {
    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        let layout = try BMPLayout(bytes, budget)
        if layout.compression != .runLength4, layout.compression != .runLength8 {
            // The last row may lack what pads it.
            let length = layout.rowBytes * (layout.height - 1) + (layout.width * layout.bitsPerPixel + 7) / 8
            guard bytes.holds(length, at: layout.pixelsOffset) else { throw .truncated }
        }
        return ImageHeader(format: .bmp, width: layout.width, height: layout.height, decodeMemoryBytes: 64 * 1024)
    }
}
