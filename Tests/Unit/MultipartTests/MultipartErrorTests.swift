import Multipart
import Testing

@Suite struct MultipartErrorTests {
    @Test func excerptsAreShortAndHarmless() {
        #expect(Excerpt(of: "a b/c").description == "a b/c")
        #expect(Excerpt(of: "a\r\n\"\\\0\u{7F}ü").description == #"a\x0D\x0A\x22\x5C\x00\x7F\xC3\xBC"#)
        let exact = String(repeating: "a", count: Excerpt.octetsMax)
        #expect(Excerpt(of: exact).description == exact)
        #expect(Excerpt(of: exact + "b").description == exact + "...")
    }

    private static let long = Excerpt(of: String(repeating: "\0secret", count: 100))

    static let faults: [HeaderValueFault] = [
        .empty, .badValue(long), .badParameterName(long), .missingEquals(parameter: long), .emptyParameter(long),
        .unterminatedQuote(parameter: long), .textAfterValue(parameter: long), .repeatedParameter(long),
        .tooManyParameters, .controlCharacter(0x0A), .invalidUTF8(parameter: long),
        .malformedExtendedValue(parameter: long),
    ]

    static let plainErrors: [MultipartError] = [
        .notFormData(long), .boundaryMissing, .boundaryInvalid(long), .boundaryNotFound, .textAfterBoundary(0x0A),
        .malformedHeaderLine(long), .controlCharacterInHeader(0), .repeatedHeader("Content-Type"),
        .contentDispositionMissing, .notFormDataPart(long), .nameMissing, .unsupportedTransferEncoding(long),
        .invalidText(name: long),
        .unsupportedCharset(name: long, charset: long), .abandoned,
    ]

    static let errors: [MultipartError] =
        plainErrors
        + faults.map { .malformedHeaderValue(header: "Content-Type", $0) }
        + MultipartError.Place.allCases.flatMap { place -> [MultipartError] in
            [.truncated(place), .bareLineFeed(place), .bareCarriageReturn(place)]
        }
        + MultipartLimits.Name.allCases.map { .limitExceeded($0, max: 7) }

    /// Whatever the sender put into it, a message is one line of printable ASCII, and short.
    @Test(arguments: errors)
    func messageIsOneShortLine(_ error: MultipartError) {
        let message = error.description
        #expect(message.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect((10...500).contains(message.utf8.count))
        #expect(!message.hasSuffix("."))
    }

    @Test func messagesDiffer() {
        #expect(Set(Self.errors.map(\.description)).count == Self.errors.count)
    }
}
