/// The first frame of a GIF, drawn at its place on the canvas.
enum GIFPicture {
    static func draw(_ bytes: Span<UInt8>, _ budget: PixelBudget, on canvas: borrowing Canvas) throws(ImageFault) {
        var blocks = try GIFBlocks(bytes, budget)
        guard let frame = try blocks.nextFrame(bytes) else { throw .truncated }
        let indices = try indices(bytes, frame)
        // A frame without any palette has no colours; it is shown in black, as browsers do.
        var palette = [UInt8](repeating: 0, count: 256 * 4)
        for index in 0..<256 {
            palette[4 * index + 3] = frame.transparentIndex.map(Int.init) == index ? 0 : 255
            let entry = frame.palette.lowerBound + 3 * index
            guard entry < frame.palette.upperBound else { continue }
            for channel in 0..<3 { palette[4 * index + channel] = bytes[entry + channel] }
        }
        var row = [UInt8](repeating: 0, count: frame.width * 4)
        for (y, storedRow) in storedRows(frame).enumerated() {
            let start = storedRow * frame.width
            for x in 0..<frame.width {
                let entry = 4 * Int(indices[start + x])
                for channel in 0..<4 { row[4 * x + channel] = palette[entry + channel] }
            }
            canvas.drawRow(frame.top + y, x: frame.left, row)
        }
    }

    /// For each row from the top, which row of the data it is (GIF89a appendix E).
    private static func storedRows(_ frame: GIFBlocks.Frame) -> [Int] {
        guard frame.isInterlaced else { return Array(0..<frame.height) }
        var rows = [Int](repeating: 0, count: frame.height)
        var stored = 0
        for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
            for y in stride(from: first, to: frame.height, by: step) {
                rows[y] = stored
                stored += 1
            }
        }
        return rows
    }

    /// The palette indices of all pixels in the order of the data.
    ///
    /// A string of the LZW table is the string of its prefix and a last colour, so it is written from its end.
    private static func indices(_ bytes: Span<UInt8>, _ frame: GIFBlocks.Frame) throws(ImageFault) -> [UInt8] {
        var codes = try GIFCodes(bytes, frame)
        var strings = GIFStrings(colors: codes.clear)
        var pixels = [UInt8](repeating: 0, count: frame.width * frame.height)
        var written = 0
        var previous: Int?
        while written < pixels.count {
            guard let code = try codes.next(bytes), code != codes.end else {
                throw .malformed("a frame has too few pixels")
            }
            if code == codes.clear {
                codes.reset()
                previous = nil
                continue
            }
            guard code < codes.clear || (previous != nil && code <= codes.defined) else {
                throw .malformed("a frame uses an undefined LZW code")
            }
            if let previous {
                // The code being defined is the previous string and, if it is used at once, that one's first colour.
                let next = code == codes.defined ? previous : code
                strings.define(codes.defined, prefix: previous, last: strings.firstColors[next])
                codes.define()
            }
            written += strings.write(code, to: &pixels, at: written)
            previous = code
        }
        return pixels
    }
}

/// The table of LZW strings.
private struct GIFStrings {
    private var lengths: [Int]
    private var prefixes: [Int]
    private var lastColors: [UInt8]
    private(set) var firstColors: [UInt8]

    /// A table with these many colours as strings of one pixel.
    init(colors: Int) {
        let count = 1 << GIFCodeLengths.bitsMax
        lengths = [Int](repeating: 1, count: count)
        prefixes = [Int](repeating: 0, count: count)
        // Colours past 255, which only a needlessly large code size has, are no colours of any palette.
        lastColors = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        firstColors = lastColors
    }

    mutating func define(_ code: Int, prefix: Int, last: UInt8) {
        guard code < lengths.count else { return }
        lengths[code] = lengths[prefix] + 1
        prefixes[code] = prefix
        lastColors[code] = last
        firstColors[code] = firstColors[prefix]
    }

    /// Writes the string as far as there is room; its length.
    func write(_ code: Int, to pixels: inout [UInt8], at start: Int) -> Int {
        var code = code
        let length = lengths[code]
        for index in stride(from: start + length - 1, through: start, by: -1) {
            if index < pixels.count { pixels[index] = lastColors[code] }
            code = prefixes[code]
        }
        return length
    }
}
