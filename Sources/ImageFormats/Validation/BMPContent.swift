/// The pixels of a BMP. Uncompressed ones are all there if the file is long enough, which the header reader has seen;
/// run lengths are walked to their end.
enum BMPContent {
    static func decode(_ bytes: Span<UInt8>) throws(ImageFault) {
        let layout = try BMPLayout(bytes, PixelBudget(pixelsMax: .max))
        guard layout.compression == .runLength4 || layout.compression == .runLength8 else { return }
        var runs = BMPRunLengths(layout)
        while try runs.next(bytes) != nil {}
    }
}
