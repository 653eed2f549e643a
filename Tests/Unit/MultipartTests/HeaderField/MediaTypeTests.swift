import Multipart
import Testing

@Suite struct MediaTypeTests {
    private static let values: [(String, String, [String: String])] = [
        ("multipart/form-data; boundary=abc", "multipart/form-data", ["boundary": "abc"]),
        ("multipart/form-data;boundary=abc", "multipart/form-data", ["boundary": "abc"]),
        ("Multipart/FORM-data \t;\t BOUNDARY=AbC ", "multipart/form-data", ["boundary": "AbC"]),
        ("multipart/form-data; boundary=\"a b\"", "multipart/form-data", ["boundary": "a b"]),
        ("multipart/form-data; boundary=\"a\\b\\\"\\\\;c\"", "multipart/form-data", ["boundary": "ab\"\\;c"]),
        ("multipart/form-data; boundary=\"a%22b\"", "multipart/form-data", ["boundary": "a%22b"]),
        ("multipart/form-data; boundary=----=_Part_1:2/3", "multipart/form-data", ["boundary": "----=_Part_1:2/3"]),
        (
            "multipart/form-data; boundary=a; charset=utf-8;", "multipart/form-data",
            ["boundary": "a", "charset": "utf-8"]
        ),
        ("multipart/form-data;; ; boundary=a;;", "multipart/form-data", ["boundary": "a"]),
        ("text/plain; charset=\"\"", "text/plain", ["charset": ""]),
        ("text/plain; title=ü", "text/plain", ["title": "ü"]),
        ("image/svg+xml", "image/svg+xml", [:]),
    ]

    @Test(arguments: values)
    func isParsed(_ text: String, _ essence: String, _ parameters: [String: String]) throws {
        let type = try MediaType(text)
        #expect(type.essence == essence)
        #expect(type.essence == type.type + "/" + type.subtype)
        #expect(Dictionary(uniqueKeysWithValues: type.parameters.map { ($0.name, $0.value) }) == parameters)
        for (name, value) in parameters { #expect(type.parameter(name.uppercased()) == value) }
        #expect(type.parameter("none") == nil)
    }

    private static let badValues: [(String, HeaderValueFault)] = [
        ("", HeaderValueFault.empty),
        (" ; boundary=a", .empty),
        ("multipart", .badValue("multipart")),
        ("multipart/", .badValue("multipart/")),
        ("/form-data", .badValue("/form-data")),
        ("multipart/form/data", .badValue("multipart/form/data")),
        ("multipart / form-data", .badValue("multipart / form-data")),
        ("a/b, a/b; boundary=x", .badValue("a/b, a/b")),
        ("a/b; =x", .badParameterName("=x")),
        ("a/b; \"boundary\"=x", .badParameterName("\"boundary\"=x")),
        ("a/b; boundary", .missingEquals(parameter: "boundary")),
        ("a/b; boundary =x", .missingEquals(parameter: "boundary")),
        ("a/b; boundary= x", .emptyParameter("boundary")),
        ("a/b; Boundary=", .emptyParameter("Boundary")),
        ("a/b; boundary=;", .emptyParameter("boundary")),
        ("a/b; boundary=\"x", .unterminatedQuote(parameter: "boundary")),
        ("a/b; boundary=\"x\\\"", .unterminatedQuote(parameter: "boundary")),
        ("a/b; boundary=\"x\\", .unterminatedQuote(parameter: "boundary")),
        ("a/b; boundary=\"x\"y", .textAfterValue(parameter: "boundary")),
        ("a/b; boundary=x y", .textAfterValue(parameter: "boundary")),
        ("a/b; boundary=x, a/b; boundary=y", .textAfterValue(parameter: "boundary")),
        ("a/b; boundary=x\"y\"", .textAfterValue(parameter: "boundary")),
        ("a/b; boundary=x; Boundary=y", .repeatedParameter("boundary")),
        ("a/b; boundary=x; boundary=x", .repeatedParameter("boundary")),
        ("a/b; boundary=x\r\n", .controlCharacter(0x0D)),
        ("a/b; boundary=\"x\0\"", .controlCharacter(0x00)),
        ("a/b; boundary=\"x\u{7F}\"", .controlCharacter(0x7F)),
    ]

    @Test(arguments: badValues)
    func isRefused(_ text: String, _ fault: HeaderValueFault) {
        #expect(throws: MultipartError.malformedHeaderValue(header: "Content-Type", fault)) { try MediaType(text) }
    }

    @Test func mustBeUTF8() {
        let octets = Array("a/b; c=".utf8) + [0xE9]
        #expect(throws: MultipartError.malformedHeaderValue(header: "Content-Type", .invalidUTF8(parameter: "c"))) {
            try MediaType(octets: octets[...])
        }
    }

    @Test func hasFewParameters() throws {
        let most = (1...16).map { "; p\($0)=v" }.joined()
        #expect(try MediaType("a/b" + most).parameters.count == MultipartLimits.parametersMax)
        #expect(throws: MultipartError.malformedHeaderValue(header: "Content-Type", .tooManyParameters)) {
            try MediaType("a/b" + most + "; q=v")
        }
    }
}
