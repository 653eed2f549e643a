/// As much of DER (ITU-T X.690) as certificates need: every function returns one complete element.
enum DERWriter {
    static func sequence(_ elements: [UInt8]...) -> [UInt8] { element(0x30, elements.flatMap { $0 }) }
    static func set(_ elements: [UInt8]...) -> [UInt8] { element(0x31, elements.flatMap { $0 }) }
    static func octets(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }
    static func text(_ text: String) -> [UInt8] { element(0x0C, Array(text.utf8)) }
    static func bool(_ value: Bool) -> [UInt8] { element(0x01, [value ? 0xFF : 0]) }

    /// A number that is not negative, the most significant octet first.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        // With the highest bit set it would be read as negative (X.690 §8.3.3).
        let isSigned = digits.first.map { $0 >= 0x80 } ?? true
        return element(0x02, (isSigned ? [0] : []) + digits)
    }

    /// Bits, of which the last octet leaves so many unused.
    static func bits(_ content: [UInt8], unused: UInt8 = 0) -> [UInt8] { element(0x03, [unused] + content) }

    /// An object identifier (X.690 §8.19).
    static func identifier(_ arcs: [UInt32]) -> [UInt8] {
        precondition(arcs.count >= 2, "Cannot write an object identifier of less than two arcs")
        var content: [UInt8] = []
        for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) {
            var groups = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            content += groups.reversed()
        }
        return element(0x06, content)
    }

    /// A point in time, in seconds since 1970. `GeneralizedTime` from 2050 on, as RFC 5280 §4.1.2.5 wants it.
    static func time(_ secondsSince1970: Int64) -> [UInt8] {
        let (days, seconds) = (secondsSince1970.flooredDivision(86_400), secondsSince1970.flooredRemainder(86_400))
        let (year, month, day) = civilDate(days)
        let short = year < 2050
        let digits =
            pad(short ? year % 100 : year, short ? 2 : 4) + pad(month, 2) + pad(day, 2) + pad(seconds / 3600, 2)
            + pad(seconds / 60 % 60, 2) + pad(seconds % 60, 2)
        return element(short ? 0x17 : 0x18, Array((digits + "Z").utf8))
    }

    /// Context-specific: `[number]`, with elements in it or, primitive, with bare octets.
    static func tagged(_ number: UInt8, isPrimitive: Bool = false, _ content: [UInt8]) -> [UInt8] {
        element((isPrimitive ? 0x80 : 0xA0) | number, content)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        if content.count < 0x80 {
            length = [UInt8(content.count)]
        } else {
            var rest = content.count
            while rest > 0 {
                length.insert(UInt8(rest & 0xFF), at: 0)
                rest >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The Gregorian date so many days after 1970-01-01, by counting in eras of 400 years that begin in March.
    private static func civilDate(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredDivision(146_097)
        let dayOfEra = shifted.flooredRemainder(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func flooredDivision(_ divisor: Int64) -> Int64 { (self - flooredRemainder(divisor)) / divisor }
    fileprivate func flooredRemainder(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
