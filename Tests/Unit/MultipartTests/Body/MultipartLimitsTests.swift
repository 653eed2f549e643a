import Multipart
import Testing

/// Each limit: what just fits, and the first octet too many, whatever comes after it.
@Suite struct MultipartLimitsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let limit: MultipartLimits.Name
        let max: Int
        let limits: MultipartLimits
        /// A body that uses that much of what is limited.
        let body: @Sendable (Int) -> String

        var testDescription: String { limit.rawValue }
    }

    private static let disposition = "Content-Disposition: form-data; name=n\r\n"
    private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let cases: [Case] = [
        Case(limit: .parts, max: 3, limits: MultipartLimits(partsMax: 3)) { many(partHead, $0) + "--x--" },
        Case(limit: .parts, max: 0, limits: MultipartLimits(partsMax: 0)) { many(partHead, $0) + "--x--" },
        Case(limit: .headers, max: 4, limits: MultipartLimits(headersMax: 4)) {
            "--x\r\n" + disposition + many("X: y\r\n z\r\n", $0 - 1) + "\r\n--x--"
        },
        Case(limit: .headerBytes, max: 200, limits: MultipartLimits(headerBytesMax: 200)) {
            "--x\r\n" + disposition + "X:" + many("y", $0 - disposition.utf8.count - 6) + "\r\n\r\n--x--"
        },
        Case(limit: .delimiterPaddingBytes, max: 64, limits: MultipartLimits(headerBytesMax: 64)) {
            "--x" + many("\t", $0) + "\r\n" + disposition + "\r\n--x--"
        },
        Case(limit: .nameBytes, max: 10, limits: MultipartLimits(nameBytesMax: 10)) {
            "--x\r\nContent-Disposition: form-data; name=\"" + many("%22", $0 - 2) + "ü\"\r\n\r\n--x--"
        },
        Case(limit: .preambleBytes, max: 9, limits: MultipartLimits(preambleBytesMax: 9)) {
            many("\r", $0) + "\r\n--x--"
        },
        Case(limit: .epilogueBytes, max: 9, limits: MultipartLimits(epilogueBytesMax: 9)) { "--x--" + many("y", $0) },
        Case(limit: .partBytes, max: 9, limits: MultipartLimits(partBytesMax: 9)) {
            partHead + "123456789\r\n" + partHead + many("\r", $0) + "\r\n--x--"
        },
    ]

    @Test(arguments: cases)
    func holds(_ testCase: Case) throws {
        let fitting = try Transcript(of: testCase.body(testCase.max), limits: testCase.limits)
        #expect(fitting.error == nil)
        #expect(fitting.isEnded)
        let body = Array(testCase.body(testCase.max + 1).utf8)
        for pieces in [[body[...]], body.indices.map { body[$0...$0] }] {
            let transcript = Transcript(of: pieces, boundary: try Boundary("x"), limits: testCase.limits)
            #expect(transcript.error == .limitExceeded(testCase.limit, max: testCase.max))
        }
    }

    @Test func everyLimitHasACase() {
        #expect(Set(Self.cases.map(\.limit)) == Set(MultipartLimits.Name.allCases))
    }

    /// Endless input of any kind comes to an error, or to content that the caller counts, but never to memory.
    private static let floods: [String] = [
        "a", "\r", "\r\n", "--x--", "\r\n--x ", "\r\n--x\r\nX: y", partHead, "--x\r\n" + disposition + " ",
    ]

    @Test(arguments: floods)
    func endOfPatience(_ piece: String) throws {
        let body = Array("--x\r\n".utf8) + Array(Self.many(piece, 20_000 / piece.utf8.count).utf8)
        let transcript = Transcript(of: [body[...]], boundary: try Boundary("x"))
        #expect(transcript.error != nil)
        #expect(transcript.parts.count <= MultipartLimits().partsMax)
    }
}
