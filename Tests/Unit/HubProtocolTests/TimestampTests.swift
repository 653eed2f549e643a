import Foundation
import HubProtocol
import Testing

@Suite struct TimestampTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let milliseconds: Int64
        var testDescription: String { text }
        init(_ text: String, _ milliseconds: Int64) {
            self.text = text
            self.milliseconds = milliseconds
        }
    }

    @Test(arguments: [
        Row("1970-01-01T00:00:00.000Z", 0), Row("1969-12-31T23:59:59.999Z", -1), Row("1970-01-01T00:00:00.001Z", 1),
        Row("2026-01-02T03:04:05.678Z", 1_767_323_045_678), Row("2000-02-29T00:00:00.000Z", 951_782_400_000),
        Row("2024-02-29T23:59:59.999Z", 1_709_251_199_999), Row("1900-03-01T00:00:00.000Z", -2_203_891_200_000),
        Row("2100-02-28T00:00:00.000Z", 4_107_456_000_000), Row("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
        Row("0000-02-29T12:00:00.000Z", -62_162_078_400_000), Row("0001-01-01T00:00:00.000Z", -62_135_596_800_000),
        Row("9999-12-31T23:59:59.999Z", 253_402_300_799_999), Row("2038-01-19T03:14:08.000Z", 2_147_483_648_000),
    ])
    func isReadAndWritten(_ row: Row) {
        #expect(Timestamp(row.text)?.millisecondsSinceEpoch == row.milliseconds)
        #expect(Timestamp(millisecondsSinceEpoch: row.milliseconds).description == row.text)
    }

    @Test(arguments: [
        "", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.67Z", "2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678",
        "2026-01-02T03:04:05.678z", "2026-01-02t03:04:05.678Z", "2026-01-02 03:04:05.678Z", "2026-01-02T03:04:05,678Z",
        "2026-01-02T03:04:05.678+00:00", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
        "2026-01-00T00:00:00.000Z",
        "2026-01-32T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-02-29T00:00:00.000Z", "2100-02-29T00:00:00.000Z",
        "1900-02-29T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2016-12-31T23:59:60.000Z",
        "+026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.-78Z", "２026-01-02T03:04:05.678Z", " 2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:0é.67Z",
    ])
    func isRefused(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [(0, 5), (1899, 1905), (1968, 2032), (2096, 2104), (9995, 9999)])
    func everyDayIsOneDayAfterTheOther(firstYear: Int, lastYear: Int) throws {
        // Each day is written, read and one day on; a wrong leap year would break the chain.
        func newYear(_ year: Int) -> String { String(repeating: "0", count: 4 - "\(year)".count) + "\(year)" }
        var time = try #require(Timestamp("\(newYear(firstYear))-01-01T00:00:00.000Z"))
        let last = try #require(Timestamp("\(newYear(lastYear))-12-31T00:00:00.000Z"))
        var year = firstYear
        var dayOfYear = 0
        while time <= last {
            dayOfYear += 1
            let text = time.description
            #expect(Timestamp(text) == time)
            #expect(text.hasPrefix(newYear(year)) && text.hasSuffix("T00:00:00.000Z"), "\(text)")
            if dayOfYear == (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365) {
                #expect(text.contains("-12-31T"), "\(text)")
                dayOfYear = 0
                year += 1
            }
            time = time.adding(milliseconds: 86_400_000)
        }
        #expect(year == lastYear + 1)
    }

    @Test func agreesWithFoundation() {
        let formatter = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for second in stride(from: Int64(-2_000_000_000), to: 40_000_000_000, by: 98_765_432) {
            let date = Date(timeIntervalSince1970: Double(second))
            #expect(Timestamp(millisecondsSinceEpoch: second * 1000).description == date.formatted(formatter))
        }
    }

    @Test func staysWithinFourDigitsOfYears() {
        #expect(Timestamp(millisecondsSinceEpoch: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(millisecondsSinceEpoch: .min).description == "0000-01-01T00:00:00.000Z")
        #expect(
            Timestamp(millisecondsSinceEpoch: 0).adding(milliseconds: .max) == Timestamp(millisecondsSinceEpoch: .max)
        )
        #expect(
            Timestamp(millisecondsSinceEpoch: -1).adding(milliseconds: .min) == Timestamp(millisecondsSinceEpoch: .min)
        )
        #expect(Timestamp(millisecondsSinceEpoch: 5).adding(milliseconds: -6).description == "1969-12-31T23:59:59.999Z")
    }
}
