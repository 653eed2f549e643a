import Multipart
import Testing

/// What clients really send, and what they should not: each body whole, octet by octet, and at every cut.
@Suite struct CaptureTests {
    @Test func theyAreAllThere() {
        #expect(Capture.all.count >= 40)
        #expect(Capture.all.filter { $0.expected.error != nil }.count >= 15)
    }

    @Test(arguments: Capture.all)
    func isUnderstood(_ capture: Capture) throws {
        let boundary = try Boundary(of: MediaType(capture.expected.contentType))
        let transcript = Transcript(of: [capture.body[...]], boundary: boundary)
        #expect(transcript.error?.description == capture.expected.error)
        guard let parts = capture.expected.parts else { return }
        #expect(transcript.isEnded)
        #expect(transcript.parts.map(\.headers.name) == parts.map(\.name))
        #expect(transcript.parts.map(\.headers.filename) == parts.map(\.filename))
        #expect(transcript.parts.map(\.isComplete) == parts.map { _ in true })
        for (part, expected) in zip(transcript.parts, parts) {
            if let contentType = expected.contentType { #expect(part.headers.contentType?.essence == contentType) }
            // Text is compared as text, for it need not be sent in UTF-8.
            guard expected.base64 == nil, part.headers.charset == "ISO-8859-1" else {
                #expect(part.content == expected.content)
                continue
            }
            #expect(String(String.UnicodeScalarView(part.content.map { Unicode.Scalar($0) })) == expected.text)
        }
    }

    @Test(arguments: Capture.all)
    func doesNotDependOnHowItIsCut(_ capture: Capture) throws {
        let boundary = try Boundary(of: MediaType(capture.expected.contentType))
        let body = capture.body[...]
        let whole = Transcript(of: [body], boundary: boundary)
        let octets = Transcript(of: body.indices.map { body[$0...$0] }, boundary: boundary)
        #expect(octets == whole)
        for cut in body.indices {
            let cutOnce = Transcript(of: [body[..<cut], body[cut...]], boundary: boundary)
            #expect(cutOnce == whole, "cut at \(cut)")
        }
    }

    @Test func doesNotDependOnAnyTwoCuts() throws {
        let capture = try #require(Capture.all.first { $0.name == "hand-boundary-prefix.bin" })
        let boundary = try Boundary(of: MediaType(capture.expected.contentType))
        let body = capture.body[...]
        let whole = Transcript(of: [body], boundary: boundary)
        for first in body.indices {
            for second in first..<body.endIndex {
                let cutTwice = Transcript(
                    of: [body[..<first], body[first..<second], body[second...]],
                    boundary: boundary
                )
                #expect(cutTwice == whole, "cut at \(first) and \(second)")
            }
        }
    }

    /// The same bodies through the collector, as the service takes them.
    @Test(arguments: Capture.all.filter { $0.expected.parts != nil })
    func isCollected(_ capture: Capture) throws {
        let parts = try #require(capture.expected.parts)
        var collector = FormCollector(
            boundary: try Boundary(of: MediaType(capture.expected.contentType)),
            fields: ["name": 1000, "type": 1000, "subtype": 1000, "theme": 1000],
            files: ["image"]
        )
        var file: [UInt8] = []
        for octet in capture.body {
            try collector.feed([octet]) { event in
                if case .bytes(let bytes) = event { file += bytes }
            }
        }
        let form = try collector.finish()
        #expect(file == parts.first { $0.name == "image" }?.content ?? [])
        for name in ["name", "type", "subtype", "theme"] {
            #expect(try form[name].map { try $0.text() } == parts.filter { $0.name == name }.map(\.text))
        }
    }
}
