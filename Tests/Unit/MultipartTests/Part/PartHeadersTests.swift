import Multipart
import Testing

@Suite struct PartHeadersTests {
    private static let disposition = "Content-Disposition: form-data; name=\"n\"\r\n"

    private func headers(of block: String) throws -> PartHeaders {
        let transcript = try Transcript(of: "--x\r\n\(block)\r\n\r\n--x--")
        if let error = transcript.error { throw error }
        return try #require(transcript.parts.first?.headers)
    }

    private static let blocks: [(String, String?, String?)] = [
        (disposition, nil, nil),
        ("\(disposition)Content-Type: image/png\r\n", "image/png", nil),
        ("CONTENT-TYPE:TEXT/Plain;charset=UTF-8\r\n\(disposition)", "text/plain", "UTF-8"),
        // A claim that is none.
        ("\(disposition)Content-Type: png\r\n", nil, nil),
        ("\(disposition)Content-Type:\r\n", nil, nil),
        ("\(disposition)Content-Type: text/plain; charset=\"\r\n", nil, nil),
        // What has no meaning here is skipped, even twice.
        ("X-A: 1\r\nX-A: 2\r\nContent-Length: 12\r\n\(disposition)X:\r\n", nil, nil),
        ("\(disposition)Content-Transfer-Encoding: 8BIT\r\n", nil, nil),
        ("\(disposition)Content-Transfer-Encoding:\t7bit \r\n", nil, nil),
        ("\(disposition)Content-Transfer-Encoding: binary\r\n", nil, nil),
        // Folded.
        ("Content-Disposition:\r\n form-data;\r\n\t name=\"n\"\r\n \r\nContent-Type: a/b\r\n", "a/b", nil),
    ]

    @Test(arguments: blocks)
    func areRead(_ block: String, _ contentType: String?, _ charset: String?) throws {
        let headers = try headers(of: block)
        #expect(headers.name == "n")
        #expect(headers.filename == nil)
        #expect(headers.contentType?.essence == contentType)
        #expect(headers.charset == charset)
    }

    private static let badBlocks: [(String, MultipartError)] = [
        ("", MultipartError.contentDispositionMissing),
        ("Content-Type: text/plain\r\n", .contentDispositionMissing),
        ("\(disposition)\(disposition)", .repeatedHeader("Content-Disposition")),
        ("\(disposition)content-type: a/b\r\nContent-Type: a/b\r\n", .repeatedHeader("Content-Type")),
        (
            "\(disposition)Content-Transfer-Encoding: binary\r\ncontent-transfer-encoding: base64\r\n",
            .repeatedHeader("Content-Transfer-Encoding")
        ),
        ("\(disposition)Content-Transfer-Encoding: base64\r\n", .unsupportedTransferEncoding("base64")),
        (
            "\(disposition)Content-Transfer-Encoding: quoted-printable\r\n",
            .unsupportedTransferEncoding("quoted-printable")
        ),
        ("\(disposition)Content-Transfer-Encoding:\r\n", .unsupportedTransferEncoding("")),
        ("\(disposition)no colon\r\n", .malformedHeaderLine("no colon")),
        ("\(disposition): x\r\n", .malformedHeaderLine(": x")),
        (
            "Content-Disposition : form-data; name=n\r\n",
            .malformedHeaderLine("Content-Disposition : form-data; name=n")
        ),
        (" \(disposition)", .malformedHeaderLine(" ")),
        ("--x--\r\n", .malformedHeaderLine("--x--")),
        ("\(disposition)X: a\nb\r\n", .bareLineFeed(.headers)),
        ("\(disposition)X: a\rb\r\n", .bareCarriageReturn(.headers)),
        ("\(disposition)X: a\r\r\n", .bareCarriageReturn(.headers)),
        ("\(disposition)X: a\0\r\n", .controlCharacterInHeader(0)),
        ("\(disposition)X: a\u{1B}[2J\r\n", .controlCharacterInHeader(0x1B)),
    ]

    @Test(arguments: badBlocks)
    func areRefused(_ block: String, _ error: MultipartError) {
        #expect(throws: error) { try headers(of: block) }
    }
}
