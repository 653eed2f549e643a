/// The pixels of a BMP, drawn from the upmost row down.
enum BMPPicture {
    static func draw(_ bytes: Span<UInt8>, on canvas: borrowing Canvas) throws(ImageFault) {
        let layout = try BMPLayout(bytes, PixelBudget(pixelsMax: .max))
        let colors = Colors(bytes, layout)
        var row = [UInt8](repeating: 0, count: layout.width * 4)
        let runs = try runLengthRows(bytes, layout)
        for y in 0..<layout.height {
            let stored = layout.isTopDown ? y : layout.height - 1 - y
            for x in 0..<layout.width {
                let value =
                    if let runs { Int(runs[stored * layout.width + x]) } else { try pixel(bytes, layout, x, stored) }
                colors.write(value, to: &row, at: 4 * x)
            }
            canvas.drawRow(y, row)
        }
    }

    /// The value of an uncompressed pixel: a palette index, or what the masks divide.
    private static func pixel(
        _ bytes: Span<UInt8>,
        _ layout: BMPLayout,
        _ x: Int,
        _ row: Int
    ) throws(ImageFault) -> Int {
        let start = layout.pixelsOffset + row * layout.rowBytes
        let bits = layout.bitsPerPixel
        guard bits < 8 else { return try bytes.littleEndian(bits / 8, at: start + x * bits / 8) }
        let byte = Int(try bytes.byte(at: start + x * bits / 8))
        return (byte >> (8 - bits - x * bits % 8)) & ((1 << bits) - 1)
    }

    /// The palette indices of a run-length image, in the order of its rows; 0 where no run says anything.
    private static func runLengthRows(_ bytes: Span<UInt8>, _ layout: BMPLayout) throws(ImageFault) -> [UInt8]? {
        guard layout.compression == .runLength4 || layout.compression == .runLength8 else { return nil }
        var indices = [UInt8](repeating: 0, count: layout.width * layout.height)
        var runs = BMPRunLengths(layout)
        while let step = try runs.next(bytes) {
            switch step {
            case .run(let column, let row, let count, let first, let second):
                for index in 0..<count {
                    indices[row * layout.width + column + index] = index.isMultiple(of: 2) ? first : second
                }
            case .literal(let column, let row, let count, let offset):
                for index in 0..<count {
                    let byte = layout.bitsPerPixel == 8 ? bytes[offset + index] : bytes[offset + index / 2]
                    let nibble = index.isMultiple(of: 2) ? byte >> 4 : byte & 15
                    indices[row * layout.width + column + index] = layout.bitsPerPixel == 8 ? byte : nibble
                }
            }
        }
        return indices
    }

    /// From pixel values to red, green, blue and alpha.
    private struct Colors {
        private var palette: [UInt8]?
        private var channels: [(mask: Int, shift: Int)] = []

        init(_ bytes: Span<UInt8>, _ layout: BMPLayout) {
            guard layout.bitsPerPixel <= 8 else {
                let masks = layout.masks
                channels = [masks.red, masks.green, masks.blue, masks.alpha].map { mask in
                    (mask >> min(mask.trailingZeroBitCount, 63), min(mask.trailingZeroBitCount, 63))
                }
                return
            }
            // Indices past the palette are black.
            var colors = [UInt8](repeating: 0, count: 256 * 4)
            for index in 0..<256 {
                colors[4 * index + 3] = 255
                let entry = layout.palette.lowerBound + index * layout.paletteEntryBytes
                guard entry + layout.paletteEntryBytes <= layout.palette.upperBound else { continue }
                for channel in 0..<3 { colors[4 * index + channel] = bytes[entry + 2 - channel] }
            }
            palette = colors
        }

        func write(_ value: Int, to row: inout [UInt8], at offset: Int) {
            if let palette {
                for channel in 0..<4 { row[offset + channel] = palette[4 * value + channel] }
                return
            }
            for channel in 0..<4 {
                let (mask, shift) = channels[channel]
                // A channel without a mask is black, and opaque.
                let level = mask == 0 ? 0 : (value >> shift & mask) * 255 / mask
                row[offset + channel] = mask == 0 && channel == 3 ? 255 : UInt8(level)
            }
        }
    }
}
