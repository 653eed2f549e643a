/// The grammar of JSON (RFC 8259), and nothing beyond it.
///
/// Foundation's decoder lets through what is no JSON, a comma before a closing brace for example; a request that other
/// servers refuse must not be half understood here. One pass, no recursion, nesting up to ``depthMax``.
enum JSONSyntax {
    /// The deepest nesting of arrays and objects.
    static let depthMax = 128

    /// Whether the bytes are exactly one JSON value.
    static func isValid(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var scanner = Scanner(bytes: bytes)
        return scanner.value() && scanner.isAtEnd
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return position == bytes.count
            }
        }

        /// One value with all that it holds. `open` has the closing byte of every container around the position.
        mutating func value() -> Bool {
            var open: [UInt8] = []
            while true {
                guard open.last != UInt8(ascii: "}") || key() else { return false }
                skipSpace()
                switch next {
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    let closing = next == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: "}")
                    position += 1
                    skipSpace()
                    guard open.count < JSONSyntax.depthMax else { return false }
                    open.append(closing)
                    if next != closing { continue }
                case UInt8(ascii: "\""):
                    guard string() else { return false }
                case UInt8(ascii: "t"):
                    guard literal("true") else { return false }
                case UInt8(ascii: "f"):
                    guard literal("false") else { return false }
                case UInt8(ascii: "n"):
                    guard literal("null") else { return false }
                default:
                    guard number() else { return false }
                }
                // A value is complete: close what ends here, then either a comma leads to the next one or all is read.
                skipSpace()
                while let closing = open.last, next == closing {
                    position += 1
                    open.removeLast()
                    skipSpace()
                }
                if open.isEmpty { return true }
                guard take(UInt8(ascii: ",")) else { return false }
            }
        }

        private mutating func key() -> Bool {
            skipSpace()
            guard next == UInt8(ascii: "\""), string() else { return false }
            skipSpace()
            return take(UInt8(ascii: ":"))
        }

        private mutating func string() -> Bool {
            position += 1
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return true
                case UInt8(ascii: "\\"):
                    guard escape() else { return false }
                case 0..<0x20: return false
                default: continue
                }
            }
            return false
        }

        private mutating func escape() -> Bool {
            guard let byte = next else { return false }
            position += 1
            guard byte == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(byte) }
            for _ in 0..<4 {
                guard let digit = next, "0123456789abcdefABCDEF".utf8.contains(digit) else { return false }
                position += 1
            }
            return true
        }

        private mutating func number() -> Bool {
            _ = take(UInt8(ascii: "-"))
            if !take(UInt8(ascii: "0")), !digits() { return false }
            if take(UInt8(ascii: ".")), !digits() { return false }
            if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
                if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
                return digits()
            }
            return true
        }

        private mutating func digits() -> Bool {
            let start = position
            while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
            return position > start
        }

        private mutating func literal(_ text: StaticString) -> Bool {
            let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard bytes[position...].starts(with: expected) else { return false }
            position += expected.count
            return true
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            position += 1
            return true
        }

        private mutating func skipSpace() {
            while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        }
    }
}
