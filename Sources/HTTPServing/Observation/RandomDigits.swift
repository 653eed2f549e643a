import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Random ids of requests, traces and operations.
///
/// They are the system's random bytes, taken 4 KiB at a time: Swift's own generator asks the system, with three calls,
/// for each number.
package enum RandomDigits {
    private struct Pool: Sendable {
        private static let count = 512
        private var numbers: [UInt64] = []

        mutating func next() -> UInt64 {
            if numbers.isEmpty { refill() }
            return numbers.removeLast()
        }

        private mutating func refill() {
            numbers = [UInt64](repeating: 0, count: Self.count)
            let device = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
            defer { if device >= 0 { close(device) } }
            let isFilled = numbers.withUnsafeMutableBytes { buffer in
                read(device, buffer.baseAddress, buffer.count) == buffer.count
            }
            if !isFilled { numbers = numbers.map { _ in .random(in: .min ... .max) } }
        }
    }

    private static let pool = Mutex(Pool())

    /// 64 random bits.
    package static func number() -> UInt64 { pool.withLock { $0.next() } }

    /// Numbers in lower-case hex, 16 digits each.
    package static func hex(_ numbers: UInt64...) -> String {
        String(unsafeUninitializedCapacity: numbers.count * 16) { buffer in
            var index = 0
            for number in numbers {
                for shift in stride(from: 60, through: 0, by: -4) {
                    buffer[index] = digit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 0xF)
                    index += 1
                }
            }
            return index
        }
    }

    /// A random UUID (RFC 9562 §5.4) in lower case.
    package static func uuid() -> String {
        let high = number() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = number() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text = hex(high, low)
        for offset in [20, 16, 12, 8] { text.insert("-", at: text.utf8.index(text.startIndex, offsetBy: offset)) }
        return text
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
