/// A small picture inside a WebP lossless stream, with one group of prefix codes: a transform's data or the entropy image
/// (RFC 9649 §3.5.2 and §3.6).
struct LosslessImage {
    /// Alpha, red, green and blue, from the most significant byte on.
    private(set) var pixels: [UInt32]

    private static let literals = 256
    private static let lengthCodes = 24
    private static let distanceCodes = 40

    /// Steps to pixels nearby, nearest first: what the first 120 distance codes stand for (§3.6.2.2). Column counts to the
    /// left, row upwards.
    private static let nearby: [(column: Int, row: Int)] = {
        let all = (0...7).flatMap { row in (row == 0 ? 1...8 : -7...8).map { (column: $0, row: row) } }
        func rank(_ step: (column: Int, row: Int)) -> (Int, Int, Int) {
            (step.column * step.column + step.row * step.row, abs(step.column), step.column < 0 ? 1 : 0)
        }
        return all.sorted { rank($0) < rank($1) }
    }()

    /// Bits of the index into the colour cache, 0 for none (§3.6.2.3).
    static func readCacheBits(_ bytes: Span<UInt8>, _ bits: inout LosslessBits) throws(ImageFault) -> Int {
        guard try bits.flag(bytes) else { return 0 }
        let count = try bits.read(4, bytes)
        guard 1...11 ~= count else { throw .malformed("a colour cache of a wrong size") }
        return count
    }

    /// Reads the codes and the pixels.
    init(_ bytes: Span<UInt8>, _ bits: inout LosslessBits, width: Int, height: Int) throws(ImageFault) {
        let cacheBits = try Self.readCacheBits(bytes, &bits)
        var cache = [UInt32](repeating: 0, count: cacheBits == 0 ? 0 : 1 << cacheBits)
        let green = try LosslessPrefixCode.read(
            alphabet: Self.literals + Self.lengthCodes + cache.count,
            &bits,
            bytes
        )
        let red = try LosslessPrefixCode.read(alphabet: Self.literals, &bits, bytes)
        let blue = try LosslessPrefixCode.read(alphabet: Self.literals, &bits, bytes)
        let alpha = try LosslessPrefixCode.read(alphabet: Self.literals, &bits, bytes)
        let distance = try LosslessPrefixCode.read(alphabet: Self.distanceCodes, &bits, bytes)
        let count = width * height
        pixels = []
        pixels.reserveCapacity(count)

        func append(_ pixel: UInt32) {
            pixels.append(pixel)
            if cacheBits > 0 { cache[Int((0x1E35_A7BD &* pixel) >> (32 - UInt32(cacheBits)))] = pixel }
        }
        while pixels.count < count {
            let symbol = try green.decode(&bits, bytes)
            if symbol < Self.literals {
                let channels = try (
                    red.decode(&bits, bytes), blue.decode(&bits, bytes), alpha.decode(&bits, bytes)
                )
                append(UInt32(channels.2 << 24 | channels.0 << 16 | symbol << 8 | channels.1))
            } else if symbol < Self.literals + Self.lengthCodes {
                let length = try Self.value(symbol - Self.literals, &bits, bytes)
                let code = try Self.value(distance.decode(&bits, bytes), &bits, bytes)
                let back = Self.pixelsBack(code, width: width)
                guard back <= pixels.count, length <= count - pixels.count else {
                    throw .malformed("a reference outside the picture")
                }
                for _ in 0..<length { append(pixels[pixels.count - back]) }
            } else {
                append(cache[symbol - Self.literals - Self.lengthCodes])
            }
        }
    }

    /// A length or distance: a prefix and extra bits (§3.6.2.2).
    private static func value(
        _ prefix: Int,
        _ bits: inout LosslessBits,
        _ bytes: Span<UInt8>
    ) throws(ImageFault) -> Int {
        guard prefix >= 4 else { return prefix + 1 }
        let extra = (prefix - 2) >> 1
        return try ((2 + (prefix & 1)) << extra) + bits.read(extra, bytes) + 1
    }

    private static func pixelsBack(_ code: Int, width: Int) -> Int {
        guard code <= nearby.count else { return code - nearby.count }
        let step = nearby[code - 1]
        return max(1, step.column + step.row * width)
    }
}
