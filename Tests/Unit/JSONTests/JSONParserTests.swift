import JSON
import Testing

/// Reading JSON text: what is taken, as which value, and what is refused, where.
@Suite struct JSONParserTests {
    struct Taken: Sendable, CustomTestStringConvertible {
        let text: String
        let value: JSONValue
        var testDescription: String { text }
        init(_ text: String, _ value: JSONValue) {
            self.text = text
            self.value = value
        }
    }

    @Test(arguments: [
        Taken("null", nil), Taken("true", true), Taken("false", false), Taken(" \t\r\n1 \n", 1),
        Taken("0", 0), Taken("-0", 0), Taken("-0.0", 0), Taken("-1", -1), Taken("1.0", 1), Taken("10e-1", 1),
        Taken("1E2", 100), Taken("1e+2", 100), Taken("1.5", 1.5), Taken("0.1", 0.1), Taken("1e-7", 1e-7),
        Taken("9223372036854775807", .integer(.max)), Taken("-9223372036854775808", .integer(.min)),
        Taken("9223372036854775808", .number(9223372036854775808)), Taken("1e308", .number(1e308)),
        Taken("123456789012345678901234567890", .number(1.2345678901234568e29)),
        // Too small to be told from nothing: the nearest double is 0.
        Taken("1e-400", 0), Taken("5e-324", .number(.leastNonzeroMagnitude)),
        Taken("\"\"", ""), Taken("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\u{8}\u{c}\n\r\t"),
        Taken("\"\\u0041\\u00e9\\u4e16\\u0000\"", "Aé世\0"), Taken("\"\\ud83d\\uDE00\"", "😀"), Taken("\"é世😀\"", "é世😀"),
        Taken("\"\\uffff\u{7f}\"", "\u{ffff}\u{7f}"),
        Taken("[]", []), Taken("[ ]", []), Taken("[1,[2],{}]", [1, [2], [:]]),
        Taken("{}", [:]), Taken("{ \"a\" : 1 , \"b\" : null }", ["a": 1, "b": nil]),
        // Of a key that occurs twice, the last value counts, as in most readers.
        Taken("{\"a\":1,\"a\":2}", ["a": 2]),
        Taken("\u{FEFF}{}", [:]),
    ])
    func takes(_ row: Taken) throws {
        let value = try JSONValue(parsing: Array(row.text.utf8))
        #expect(value == row.value)
        #expect(try JSONValue(parsing: value.encoded()) == row.value)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let reason: JSONError.Reason
        let offset: Int
        var testDescription: String { String(decoding: bytes, as: UTF8.self) }
        init(_ text: String, _ reason: JSONError.Reason, at offset: Int) {
            self.init(bytes: Array(text.utf8), reason, at: offset)
        }
        init(bytes: [UInt8], _ reason: JSONError.Reason, at offset: Int) {
            self.bytes = bytes
            self.reason = reason
            self.offset = offset
        }
    }

    @Test(arguments: [
        Refused("", .unexpectedEnd, at: 0), Refused("  ", .unexpectedEnd, at: 2), Refused("{", .unexpectedEnd, at: 1),
        Refused("[1,", .unexpectedEnd, at: 3), Refused("{\"a\"", .unexpectedEnd, at: 4),
        Refused("\"a", .unexpectedEnd, at: 2),
        Refused("\"\\", .unexpectedEnd, at: 2), Refused("\"\\u12", .unexpectedEnd, at: 5),
        Refused("-", .unexpectedEnd, at: 1),
        Refused("1.", .unexpectedEnd, at: 2), Refused("1e+", .unexpectedEnd, at: 3),
        Refused("nul", .unexpectedEnd, at: 3),
        Refused("nil", .unexpectedByte, at: 1), Refused("[1,]", .unexpectedByte, at: 3),
        Refused("{\"a\":1,}", .unexpectedByte, at: 7),
        Refused("{a:1}", .unexpectedByte, at: 1), Refused("{\"a\" 1}", .unexpectedByte, at: 5),
        Refused("[1 2]", .unexpectedByte, at: 3),
        Refused("'a'", .unexpectedByte, at: 0), Refused("01", .unexpectedByte, at: 1),
        Refused("-01", .unexpectedByte, at: 2),
        Refused("+1", .unexpectedByte, at: 0), Refused(".5", .unexpectedByte, at: 0),
        Refused("NaN", .unexpectedByte, at: 0),
        Refused("Infinity", .unexpectedByte, at: 0), Refused("// a", .unexpectedByte, at: 0),
        Refused("1x", .trailingBytes, at: 1),
        Refused("{} {}", .trailingBytes, at: 3), Refused("\"a\nb\"", .unexpectedByte, at: 2),
        Refused("\"\\x\"", .unexpectedByte, at: 2),
        Refused("\"\\u12g4\"", .unexpectedByte, at: 5), Refused("{}\0", .trailingBytes, at: 2),
        Refused("1e400", .numberRange, at: 0), Refused("[-1e400]", .numberRange, at: 1),
        Refused("\"\\ud800\"", .invalidText, at: 1), Refused("\"\\udc00\"", .invalidText, at: 1),
        Refused("\"\\ud800\\u0041\"", .invalidText, at: 1),
        Refused("\"\\ud800x\"", .invalidText, at: 1),
        Refused(bytes: [0x22, 0xFF, 0x22], .invalidText, at: 1),
        Refused(bytes: [0x22, 0xC0, 0x80, 0x22], .invalidText, at: 1),
        Refused(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], .invalidText, at: 1),
        Refused(bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], .unexpectedByte, at: 0),
    ])
    func refuses(_ row: Refused) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: row.bytes) }
        #expect(error?.reason == row.reason)
        #expect(error?.offset == row.offset)
        #expect(error?.description.contains("byte \(row.offset)") == true)
    }

    @Test(arguments: ["[", "{\"a\":"])
    func nestingIsBounded(opening: String) throws {
        let most = JSONLimits.depthMax
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> [UInt8] {
            let inner = opening == "[" ? "" : "1"
            return Array(
                (String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)).utf8
            )
        }
        let value = try JSONValue(parsing: nested(most))
        #expect(value.encoded() == nested(most))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(most + 1)) }
        #expect(error?.reason == .depth)
        // Far beyond: refused just as fast, without running out of stack.
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }
    }

    @Test func aNumberOfAMillionDigitsIsOutOfRange() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array(repeating: UInt8(ascii: "9"), count: 1_000_000))
        }
        #expect(error?.reason == .numberRange)
    }

    @Test func everyPrefixOfADocumentIsRefused() {
        let document = Array(#"{"a":[1,-2.5e3,true,null,"é\u00e9\n"],"b":{"c":"d"}}"#.utf8)
        for length in document.indices {
            #expect(throws: JSONError.self, "\(length) bytes") { try JSONValue(parsing: Array(document[..<length])) }
        }
    }

    @Test func anyBytesAreReadOrRefusedWithoutHarm() {
        // Mutations of a document, by a fixed seed: what is read must be written to what is read the same again.
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let document = Array(#"{"a":[1,-2.5e3,true,null,"é\u00e9\ud83d\ude00\n"],"b":{"c":"d","é":0.1}}"#.utf8)
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.tfn \u{e9}".utf8) + [0xFF, 0]
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = document
            for _ in 0...next(3) { bytes[next(bytes.count)] = alphabet[next(alphabet.count)] }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            taken += 1
            #expect((try? JSONValue(parsing: value.encoded())) == value)
        }
        #expect(taken > 1000)
    }

    @Test(arguments: [(#"{"a":1,"a":2}"#, 7), (#"[{"b":{"a":1,"\u0061":1}}]"#, 13)])
    func aKeyThatStandsTwiceIsRefusedWhereThatIsAskedFor(text: String, offset: Int) throws {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array(text.utf8), refusingRepeatedKeys: true)
        }
        #expect(error?.reason == .repeatedKey && error?.offset == offset)
        #expect(try JSONValue(parsing: Array(text.utf8)).kind != "null", "the last one counts")
        #expect(throws: Never.self) {
            try JSONValue(parsing: Array(#"[{"a":1},{"a":{"a":2}}]"#.utf8), refusingRepeatedKeys: true)
        }
    }
}
