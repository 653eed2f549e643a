/// A point in time as every message writes it: UTC, three decimals, `Z` (contract §7).
///
///     Timestamp("2026-01-02T03:04:05.678Z")!.millisecondsSinceEpoch   // 1767323045678
///
/// It covers the years 0000 to 9999, which is what four digits can say.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
    public let millisecondsSinceEpoch: Int64

    /// A time outside the years 0000 to 9999 becomes the nearest within them, so that every time can be written and read.
    public init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = min(
            max(millisecondsSinceEpoch, Timestamp.earliestMilliseconds),
            Timestamp.latestMilliseconds
        )
    }

    /// `0000-01-01T00:00:00.000Z` and `9999-12-31T23:59:59.999Z`.
    private static let earliestMilliseconds: Int64 = -62_167_219_200_000
    private static let latestMilliseconds: Int64 = 253_402_300_799_999

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    /// This time and so many milliseconds.
    public func adding(milliseconds: Int64) -> Timestamp {
        let (sum, overflows) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        return Timestamp(millisecondsSinceEpoch: overflows ? (milliseconds < 0 ? .min : .max) : sum)
    }

    /// Reads `YYYY-MM-DDThh:mm:ss.mmmZ` and nothing else; `nil` for any other text or a date that does not exist.
    public init?(_ text: some StringProtocol) {
        let bytes = ContiguousArray(text.utf8)
        guard bytes.count == 24, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z")
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let milli = number(20..<23),
            (1...12).contains(month), (1...Timestamp.days(inMonth: month, year: year)).contains(day), hour < 24,
            minute < 60, second < 60
        else { return nil }
        let days = Timestamp.daysSinceEpoch(year: year, month: month, day: day)
        self.init(millisecondsSinceEpoch: (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli)
    }

    /// The time as `2026-01-02T03:04:05.678Z`.
    public var description: String {
        let (days, milliOfDay) = millisecondsSinceEpoch.flooredDivision(by: 86_400_000)
        let date = Timestamp.civil(daysSinceEpoch: days)
        return String(unsafeUninitializedCapacity: 24) { bytes in
            var count = 0
            func append(_ value: Int64, digits: Int, then separator: Unicode.Scalar) {
                var rest = value
                for index in stride(from: count + digits - 1, through: count, by: -1) {
                    bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                bytes[count + digits] = UInt8(ascii: separator)
                count += digits + 1
            }
            append(date.year, digits: 4, then: "-")
            append(date.month, digits: 2, then: "-")
            append(date.day, digits: 2, then: "T")
            append(milliOfDay / 3_600_000, digits: 2, then: ":")
            append(milliOfDay / 60_000 % 60, digits: 2, then: ":")
            append(milliOfDay / 1000 % 60, digits: 2, then: ".")
            append(milliOfDay % 1000, digits: 3, then: "Z")
            return count
        }
    }

    // The two conversions count in eras of 400 years that start on 1 March, so that the leap day is the last of a year.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func days(inMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
