import MessageHub

/// Input that nobody would send by mistake, the same for the same seed.
struct FuzzSource {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func number(in range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    mutating func oneOf<Element>(_ elements: [Element]) -> Element {
        elements[number(in: 0...elements.count - 1)]
    }

    /// Bytes with some of them damaged, taken away, doubled, or replaced by words of the language they are in.
    mutating func damaged(_ original: [UInt8], words: [String]) -> [UInt8] {
        var bytes = original
        for _ in 0..<number(in: 1...4) {
            let at = number(in: 0...bytes.count)
            let length = min(number(in: 1...16), bytes.count - at)
            switch number(in: 0...7) {
            case 0 where length > 0: bytes[at] ^= 1 << UInt8(number(in: 0...7))
            case 1 where length > 0: bytes[at] = UInt8(number(in: 0...255))
            case 2: bytes.removeSubrange(at..<at + length)
            case 3: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
            case 4: bytes.removeSubrange(at...)
            case 5:
                bytes.insert(
                    contentsOf: [UInt8](repeating: UInt8(number(in: 0...255)), count: number(in: 1...9000)),
                    at: at
                )
            default: bytes.insert(contentsOf: Array(oneOf(words).utf8), at: at)
            }
        }
        return bytes
    }

    /// A text of words of a language, in any order.
    mutating func text(of words: [String], count: ClosedRange<Int> = 0...6) -> String {
        (0..<number(in: count)).map { _ in oneOf(words) }.joined()
    }
}
