/// The LZW decoder of GIF (GIF89a appendix F), as far as validation needs it: how many pixels each code stands for.
///
/// Whether data decodes whole depends on the lengths of the strings alone, never on the colours in them. So there is no
/// picture to hold, and a bomb of a few codes that stand for millions of pixels costs a few additions.
struct GIFCodeLengths {
    /// Greatest size of a code in bits.
    static let bitsMax = 12
    /// What decoding takes.
    static let memoryBytes = 64 * 1024

    private var lengths = [UInt16](repeating: 1, count: 1 << bitsMax)

    /// Decodes the data of one frame until all of its pixels are there; what follows them is ignored, as viewers do.
    mutating func decode(_ bytes: Span<UInt8>, _ frame: GIFBlocks.Frame) throws(ImageFault) {
        var codes = try GIFCodes(bytes, frame)
        // The frame before may have had fewer colours, and strings where this one has colours.
        for color in 0..<codes.clear { lengths[color] = 1 }
        var pixels = frame.width * frame.height
        var previous: Int?
        while pixels > 0 {
            guard let code = try codes.next(bytes), code != codes.end else {
                throw .malformed("a frame has too few pixels")
            }
            if code == codes.clear {
                codes.reset()
                previous = nil
                continue
            }
            guard let last = previous else {
                // After a clear code only colours are defined.
                guard code < codes.clear else { throw .malformed("a frame uses an undefined LZW code") }
                previous = code
                pixels -= 1
                continue
            }
            guard code <= codes.defined else { throw .malformed("a frame uses an undefined LZW code") }
            // A full table takes no more strings; then `defined` is past the greatest code.
            if codes.defined < lengths.count { lengths[codes.defined] = lengths[last] + 1 }
            pixels -= Int(lengths[code])
            codes.define()
            previous = code
        }
    }
}
