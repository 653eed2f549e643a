import Multipart
import Testing

@Suite struct MultipartParserTests {
    /// Bodies with the boundary `x`, and the contents of their parts.
    private static let bodies: [(String, [String]?)] = [
        ("--x--", []),
        ("\r\n--x--\r\n", []),
        ("preamble\r\n--x--epilogue", []),
        ("-x\r\n-- x\r\n--y\n--x\r\r\n--x-\r\n--x--", []),
        ("\(partHead)\r\n--x--", [""]),
        // An empty content may share its CRLF with the end of the headers.
        ("\(partHead)--x--", [""]),
        ("\(partHead)\(partHead)a\r\n--x--", ["", "a"]),
        ("\(partHead)-", nil),
        ("\(partHead)--xa\r\n--x--", ["--xa"]),
        ("\(partHead)\r\n\r\n--x--", ["\r\n"]),
        ("\(partHead)a\r\n--x \t \r\nContent-Disposition: form-data; name=m\r\n\r\nb\r\n--x-- \r\n", ["a", "b"]),
        // Almost delimiters.
        ("\(partHead)a\r\n--xy\r\n--x-\r\n--x-y--\r\n--X\r\n--x--", ["a\r\n--xy\r\n--x-\r\n--x-y--\r\n--X"]),
        ("\(partHead)a\r\r\n--x--", ["a\r"]),
        ("\(partHead)a\r\n\r\n--x--", ["a\r\n"]),
        ("\(partHead)a\r\n-\r\n--\r\n--x--", ["a\r\n-\r\n--"]),
        ("\(partHead)a\n--x\n--x--\r--x--\r\n--x--", ["a\n--x\n--x--\r--x--"]),
        ("\(partHead)a--x--\r\n--x--", ["a--x--"]),
        // The closing delimiter closes whatever follows it.
        ("\(partHead)a\r\n--x--y\n\0\r\n--x\r\n", ["a"]),
    ]

    @Test(arguments: bodies)
    func splits(_ body: String, _ contents: [String]?) throws {
        let transcript = try Transcript(of: body)
        #expect(transcript.isEnded == (contents != nil))
        if let contents {
            #expect(transcript.error == nil)
            #expect(transcript.texts.map { Array($0.utf8) } == contents.map { Array($0.utf8) })
        }
    }

    private static let badBodies: [(String, MultipartError)] = [
        ("", MultipartError.boundaryNotFound),
        ("abc", .boundaryNotFound),
        ("a--x--", .boundaryNotFound),
        ("a\n--x--", .boundaryNotFound),
        ("--x", .boundaryNotFound),
        ("--x-", .boundaryNotFound),
        ("--x\r", .truncated(.boundaryLine)),
        ("--x\r\n", .truncated(.headers)),
        (partHead, .truncated(.content)),
        ("\(partHead)a\r\n--x", .truncated(.content)),
        ("\(partHead)a\r\n--x-", .truncated(.content)),
        ("\(partHead)a\r\n--x ", .truncated(.boundaryLine)),
        ("--x\n", .bareLineFeed(.boundaryLine)),
        ("--x \n", .bareLineFeed(.boundaryLine)),
        ("--x\ra", .bareCarriageReturn(.boundaryLine)),
        ("--x\r\r\n", .bareCarriageReturn(.boundaryLine)),
        ("\(partHead)a\r\n--x b", .textAfterBoundary(UInt8(ascii: "b"))),
        ("\(partHead)a\r\n--x --", .textAfterBoundary(UInt8(ascii: "-"))),
    ]

    @Test(arguments: badBodies)
    func refuses(_ body: String, _ error: MultipartError) throws {
        #expect(try Transcript(of: body).error == error)
    }

    @Test(arguments: ["-", "--", "a b", "--x--", "----WebKitFormBoundary"])
    func takesAnyBoundary(_ boundary: String) throws {
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n"
        let content = "\r\n--\(boundary)y\r\n-\r\n--a\r\n"
        let body = Array("\(head)\(content)\r\n\(head)\r\n--\(boundary)--".utf8)
        let transcript = Transcript(of: body.indices.map { body[$0...$0] }, boundary: try Boundary(boundary))
        #expect(transcript.error == nil)
        #expect(transcript.parts.map(\.content) == [Array(content.utf8), []])
    }

    @Test func contentIsAViewOfTheInput() throws {
        let content = String(repeating: "\r\n--", count: 1000)
        let body = Array((partHead + content + "\r\n--x--").utf8)
        var parser = MultipartParser(boundary: try Boundary("x"))
        var slices: [ArraySlice<UInt8>] = []
        try parser.feed(body[...]) { event in
            if case .partBytes(let bytes) = event { slices.append(bytes) }
        }
        // One slice but for what the content begins with, which might have been a delimiter.
        #expect(slices.count <= 2)
        let last = try #require(slices.last)
        #expect(last.endIndex == partHead.utf8.count + content.utf8.count)
        #expect(last.withUnsafeBytes { $0.baseAddress } == body[last.indices].withUnsafeBytes { $0.baseAddress })
    }

    @Test func anErrorIsFinal() throws {
        var parser = MultipartParser(boundary: try Boundary("x"))
        var input = Array("--x\n".utf8)[...]
        let error = MultipartError.bareLineFeed(.boundaryLine)
        #expect(throws: error) { try parser.nextEvent(from: &input) }
        input = Array(partHead.utf8)[...]
        #expect(throws: error) { try parser.nextEvent(from: &input) }
        #expect(throws: error) { try parser.finish() }
    }

    @Test func aHandlerThatThrowsGivesTheBodyUp() throws {
        struct Full: Error {}
        var parser = MultipartParser(boundary: try Boundary("x"))
        let body = Array(("\(partHead)a\r\n--x--").utf8)
        #expect(throws: Full.self) { try parser.feed(body[...]) { _ in throw Full() } }
        #expect(throws: MultipartError.abandoned) { try parser.feed(body[...]) { _ in } }
        #expect(throws: MultipartError.abandoned) { try parser.finish() }
    }

    @Test func finishMayBeAskedTwice() throws {
        var parser = MultipartParser(boundary: try Boundary("x"))
        try parser.feed(Array("--x--".utf8)[...]) { #expect($0 == .ended) }
        try parser.finish()
        try parser.finish()
    }
}
