import Multipart
import Testing

/// The work is bounded by the length of the body, whatever is in it. Counted, not timed.
@Suite struct LinearityTests {
    static let boundary = String(repeating: "a", count: 70)

    /// What comes as close to delimiters as it can without being one.
    static let floods: [String] = [
        "a", "\r", "\r\n", "\r\n-", "\r\r\n--", "\r\n--" + boundary.dropLast(), "\r\n--" + boundary + "b",
        "\r\n--" + boundary + "-", "\r\n--" + boundary.dropLast() + "\r\n--", "--" + boundary,
    ]

    @Test(arguments: floods, [1, 7, 71, 1 << 20])
    func workIsLinear(_ flood: String, _ pieceLength: Int) throws {
        let head = "--\(Self.boundary)\r\nContent-Disposition: form-data; name=n\r\n\r\n."
        let content = Array(String(repeating: flood, count: 30_000 / flood.utf8.count).utf8)
        let body = Array(head.utf8) + content + Array("\r\n--\(Self.boundary)--".utf8)
        let pieces = stride(from: 0, to: body.count, by: pieceLength).map {
            body[$0..<min($0 + pieceLength, body.count)]
        }
        var parser = MultipartParser(boundary: try Boundary(Self.boundary))
        var slices = 0
        var length = 0
        for piece in pieces {
            try parser.feed(piece) { event in
                guard case .partBytes(let bytes) = event else { return }
                slices += 1
                length += bytes.count
            }
        }
        try parser.finish()
        #expect(length == content.count + 1)
        #expect(parser.octetsExamined >= content.count)
        #expect(parser.octetsExamined <= 3 * body.count)
        // Two slices a piece, what was held back and the rest, and two for each whole boundary that was none.
        #expect(slices <= 2 * pieces.count + 2 * (content.count / Self.boundary.utf8.count) + 2)
    }
}
