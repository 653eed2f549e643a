/// One prefix code of a WebP lossless stream (RFC 9649 §3.7.2.1), read from the stream and ready to decode symbols.
struct LosslessPrefixCode {
    private static let lengthMax = 15
    /// The order that the lengths of the code for code lengths are stored in.
    private static let lengthOrder = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

    /// Symbols in the order of their codes, and how many there are of each length.
    private var symbols: [Int] = []
    private var counts = [Int](repeating: 0, count: lengthMax + 1)

    /// Reads the code of an alphabet.
    static func read(
        alphabet: Int,
        _ bits: inout LosslessBits,
        _ bytes: Span<UInt8>
    ) throws(ImageFault) -> LosslessPrefixCode {
        guard try !bits.flag(bytes) else { return try readSimple(alphabet: alphabet, &bits, bytes) }
        let stored = try 4 + bits.read(4, bytes)
        guard stored <= lengthOrder.count else { throw .malformed("a damaged prefix code") }
        var codeLengths = [Int](repeating: 0, count: lengthOrder.count)
        for index in 0..<stored { codeLengths[lengthOrder[index]] = try bits.read(3, bytes) }
        let code = try LosslessPrefixCode(lengths: codeLengths)
        return try LosslessPrefixCode(lengths: readLengths(alphabet: alphabet, code, &bits, bytes))
    }

    /// The canonical code of these lengths, which must use up all codes unless there is but one symbol.
    private init(lengths: [Int]) throws(ImageFault) {
        for length in lengths where length > 0 { counts[length] += 1 }
        // Sorted by length, and by symbol among those of a length.
        for length in 1...Self.lengthMax where counts[length] > 0 {
            symbols += lengths.indices.filter { lengths[$0] == length }
        }
        guard symbols.count != 1 else { return }
        let used = (1...Self.lengthMax).reduce(0) { $0 + (counts[$1] << (Self.lengthMax - $1)) }
        guard used == 1 << Self.lengthMax else { throw .malformed("a damaged prefix code") }
    }

    /// One or two symbols, given as they are.
    private static func readSimple(
        alphabet: Int,
        _ bits: inout LosslessBits,
        _ bytes: Span<UInt8>
    ) throws(ImageFault) -> LosslessPrefixCode {
        let isPair = try bits.flag(bytes)
        let isLong = try bits.flag(bytes)
        var lengths = [Int](repeating: 0, count: 256)
        lengths[try bits.read(isLong ? 8 : 1, bytes)] = 1
        if isPair { lengths[try bits.read(8, bytes)] = 1 }
        guard lengths.dropFirst(alphabet).allSatisfy({ $0 == 0 }) else { throw .malformed("a damaged prefix code") }
        return try LosslessPrefixCode(lengths: lengths)
    }

    private static func readLengths(
        alphabet: Int,
        _ code: LosslessPrefixCode,
        _ bits: inout LosslessBits,
        _ bytes: Span<UInt8>
    ) throws(ImageFault) -> [Int] {
        var left = alphabet
        if try bits.flag(bytes) {
            let size = try 2 + 2 * bits.read(3, bytes)
            left = try 2 + bits.read(size, bytes)
            guard left <= alphabet else { throw .malformed("a damaged prefix code") }
        }
        var lengths = [Int](repeating: 0, count: alphabet)
        var previous = 8
        var symbol = 0
        while symbol < alphabet, left > 0 {
            left -= 1
            let value = try code.decode(&bits, bytes)
            var repeats = 1
            switch value {
            case 16: repeats = try 3 + bits.read(2, bytes)
            case 17: repeats = try 3 + bits.read(3, bytes)
            case 18: repeats = try 11 + bits.read(7, bytes)
            default: if value > 0 { previous = value }
            }
            guard repeats <= alphabet - symbol else { throw .malformed("a damaged prefix code") }
            let length = value < 16 ? value : value == 16 ? previous : 0
            for _ in 0..<repeats {
                lengths[symbol] = length
                symbol += 1
            }
        }
        return lengths
    }

    /// The next symbol. A code of one symbol takes no bits.
    func decode(_ bits: inout LosslessBits, _ bytes: Span<UInt8>) throws(ImageFault) -> Int {
        guard symbols.count > 1 else { return symbols[0] }
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.lengthMax {
            code = try code << 1 | bits.read(1, bytes)
            let count = counts[length]
            if code - first < count { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
        }
        throw .malformed("a damaged prefix code")
    }
}
