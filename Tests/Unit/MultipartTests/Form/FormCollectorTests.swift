import Multipart
import Testing

@Suite struct FormCollectorTests {
    private func part(_ parameters: String, _ content: String, _ more: String = "") -> String {
        "--x\r\nContent-Disposition: form-data; \(parameters)\r\n\(more)\r\n\(content)\r\n"
    }

    private func collector(fieldBytesMax: Int = 10) throws -> FormCollector {
        FormCollector(boundary: try Boundary("x"), fields: ["a": fieldBytesMax, "b": 1], files: ["image"])
    }

    private func form(of body: String) throws -> Form {
        var collector = try collector()
        for octet in (body + "--x--").utf8 { try collector.feed([octet]) { _ in } }
        return try collector.finish()
    }

    @Test func gathersFieldsAndHandsFilesOn() throws {
        let body =
            part("name=a", "1") + part("name=image; filename=\"p\"", "file\r\n1") + part("name=other", "22")
            + part("name=a; filename=f", "") + part("name=image", "two") + part("name=b", "3") + "--x--"
        var collector = try collector()
        var events: [String] = []
        var rest = Array(body.utf8)[...]
        while let event = try collector.nextEvent(from: &rest) {
            switch event {
            case .began(let headers): events.append("began \(headers.filename ?? "-")")
            case .bytes(let bytes): events.append(String(decoding: bytes, as: UTF8.self))
            case .ended: events.append("ended")
            }
        }
        #expect(events == ["began p", "file\r\n1", "ended", "began -", "two", "ended"])
        let form = try collector.finish()
        #expect(form.parts.map(\.name) == ["a", "image", "other", "a", "image", "b"])
        #expect(form.parts.map(\.byteCount) == [1, 7, 2, 0, 3, 1])
        #expect(form.parts.map(\.content) == [.field([0x31]), .file, .ignored, .field([]), .file, .field([0x33])])
        #expect(form["a"].map(\.headers.filename) == [nil, "f"])
        #expect(try form["a"].map { try $0.text() } == ["1", ""])
        #expect(form["image"].map(\.headers.filename) == ["p", nil])
        #expect(try form["image"].first?.text() == nil)
        #expect(form["none"].isEmpty)
    }

    @Test func aFieldHasItsOwnLimit() throws {
        #expect(try self.form(of: part("name=a", "1234567890"))["a"].first?.text() == "1234567890")
        // What is behind an overlong field is read all the same.
        let form = try self.form(of: part("name=a", "12345678901") + part("name=b", "12") + part("name=b", "3"))
        #expect(
            form.parts.map(\.content) == [.overlongField(bytesMax: 10), .overlongField(bytesMax: 1), .field([0x33])]
        )
        #expect(form.parts.map(\.byteCount) == [11, 2, 1])
        #expect(try form["a"].first?.text() == nil)
        // Neither a file nor what is ignored has one here.
        #expect(try self.form(of: part("name=image", "12345678901"))["image"].first?.byteCount == 11)
        #expect(try self.form(of: part("name=c", "12345678901"))["c"].first?.byteCount == 11)
    }

    private static let texts: [(String, [UInt8], String)] = [
        ("", Array("ü".utf8), "ü"),
        ("; charset=UTF-8", Array("ü".utf8), "ü"),
        ("; charset=\"us-ascii\"", Array("u".utf8), "u"),
        ("; charset=ISO-8859-1", [0xFC], "ü"),
        ("; charset=latin1", [0xC3, 0xBC], "Ã¼"),
        // As sent, a byte order mark and line ends included.
        ("", [0xEF, 0xBB, 0xBF, 0x0D, 0x0A], "\u{FEFF}\r\n"),
    ]

    @Test(arguments: texts)
    func textIsRead(_ parameter: String, _ octets: [UInt8], _ text: String) throws {
        #expect(try formWithText(parameter, octets)["a"].first?.text() == text)
    }

    private static let badTexts: [(String, [UInt8], MultipartError)] = [
        ("", [0xFC], MultipartError.invalidText(name: "a")),
        ("", [0xC0, 0xAF], .invalidText(name: "a")),
        ("", [0xED, 0xA0, 0x80], .invalidText(name: "a")),
        ("; charset=us-ascii", [0xFC], .invalidText(name: "a")),
        ("; charset=utf-16", [0x61], .unsupportedCharset(name: "a", charset: "utf-16")),
    ]

    @Test(arguments: badTexts)
    func textIsRefused(_ parameter: String, _ octets: [UInt8], _ error: MultipartError) throws {
        let part = try #require(try formWithText(parameter, octets)["a"].first)
        #expect(throws: error) { try part.text() }
    }

    private func formWithText(_ parameter: String, _ octets: [UInt8]) throws -> Form {
        let head = "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain\(parameter)\r\n\r\n"
        var collector = try collector()
        try collector.feed((Array(head.utf8) + octets + Array("\r\n--x--".utf8))[...]) { _ in }
        return try collector.finish()
    }

    @Test func charsetFieldHasNoEffect() throws {
        let form = try form(of: part("name=_charset_", "iso-8859-1") + part("name=a", "ü"))
        #expect(try form["a"].first?.text() == "ü")
    }

    @Test func anErrorIsFinal() throws {
        var collector = try collector()
        let error = MultipartError.contentDispositionMissing
        let body = Array("--x\r\nA: b\r\n\r\n".utf8)[...]
        #expect(throws: error) { try collector.feed(body) { _ in } }
        #expect(throws: error) { try collector.feed(Array("--x--".utf8)[...]) { _ in } }
        #expect(throws: error) { try collector.finish() }
        var cutOff = try self.collector()
        try cutOff.feed(Array(part("name=a", "12").utf8)[...]) { _ in }
        #expect(throws: MultipartError.truncated(.content)) { try cutOff.finish() }
    }

    @Test func aSinkThatThrowsGivesTheBodyUp() throws {
        struct Full: Error {}
        var collector = try collector()
        let body = Array((part("name=image", "12") + "--x--").utf8)[...]
        #expect(throws: Full.self) { try collector.feed(body) { _ in throw Full() } }
        #expect(throws: MultipartError.abandoned) { try collector.finish() }
    }
}
