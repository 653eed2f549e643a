import Multipart
import Testing

@Suite struct ContentDispositionTests {
    private static let header = "Content-Disposition"

    private static let values: [(String, String, String?)] = [
        (#"form-data; name="a""#, "a", nil),
        (#"Form-Data ;Name=a;FILENAME=b.png;"#, "a", "b.png"),
        (#"form-data; filename="b;c.png"; name="a; filename=d""#, "a; filename=d", "b;c.png"),
        (#"form-data; name=""; filename="""#, "", ""),
        (#"form-data; name="ü ★"; filename="日本.png""#, "ü ★", "日本.png"),
        // Both ways to write a quote, in both parameters.
        (#"form-data; name="a%22b"; filename="c%22d""#, "a\"b", "c\"d"),
        (#"form-data; name="a\"b"; filename="c\"d""#, "a\"b", "c\"d"),
        (#"form-data; name="%0D%0a"; filename="%0d%0A""#, "\r\n", "\r\n"),
        // Nothing else is percent-decoded, nor in a bare value.
        (#"form-data; name="%20%2"; filename="100%""#, "%20%2", "100%"),
        (#"form-data; name=a%22b; filename="%%22%2G""#, "a%22b", "%\"%2G"),
        // A backslash before anything but a quote or a backslash is one.
        (#"form-data; name="a"; filename="C:\new\\pic.png""#, "a", #"C:\new\pic.png"#),
        (#"form-data; name="a"; filename="\\host\\share\p""#, "a", #"\host\share\p"#),
        (#"form-data; name="a\%22""#, "a\\\"", nil),
        // filename* counts only where it is alone.
        (#"form-data; name="a"; filename="b"; filename*=UTF-8''c"#, "a", "b"),
        (#"form-data; name="a"; filename*=broken; filename="b""#, "a", "b"),
        (#"form-data; name="a"; filename*=utf-8'de'%C3%BC%20x.png"#, "a", "ü x.png"),
        (#"form-data; name="a"; filename*=ISO-8859-1''%FC"#, "a", "ü"),
        (#"form-data; name="a"; name*=utf-8''b; size=3"#, "a", nil),
    ]

    @Test(arguments: values)
    func isParsed(_ text: String, _ name: String, _ filename: String?) throws {
        let disposition = try ContentDisposition(octets: Array(text.utf8)[...])
        #expect(Array(disposition.name.utf8) == Array(name.utf8))
        #expect(disposition.filename == filename)
    }

    private static let badValues: [(String, MultipartError)] = [
        ("", MultipartError.malformedHeaderValue(header: header, .empty)),
        ("form-data", .nameMissing),
        ("form-data; filename=\"a\"", .nameMissing),
        ("form-data; name*=utf-8''a", .nameMissing),
        ("attachment; name=\"a\"", .notFormDataPart("attachment")),
        ("form-data name=\"a\"", .notFormDataPart("form-data name=\"a\"")),
        ("form-data; name=\"a\"; name=\"b\"", .malformedHeaderValue(header: header, .repeatedParameter("name"))),
        (
            "form-data; name=\"a\"; filename=\"b\"; FileName=\"c\"",
            .malformedHeaderValue(header: header, .repeatedParameter("filename"))
        ),
        // Ends in a backslash that was not escaped: the quote after it is taken for content.
        (
            #"form-data; name="a\"; filename="b""#,
            .malformedHeaderValue(header: header, .textAfterValue(parameter: "name"))
        ),
        (#"form-data; name="a"#, .malformedHeaderValue(header: header, .unterminatedQuote(parameter: "name"))),
        (#"form-data; name="a""b""#, .malformedHeaderValue(header: header, .textAfterValue(parameter: "name"))),
        ("form-data; name=\"a\u{1}\"", .malformedHeaderValue(header: header, .controlCharacter(1))),
        (
            "form-data; name=a; filename*=utf-8''%C3",
            .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
        ),
        (
            "form-data; name=a; filename*=utf-8''%G1",
            .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
        ),
        (
            "form-data; name=a; filename*=utf-8''a/b",
            .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
        ),
        (
            "form-data; name=a; filename*=koi8-r''a",
            .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
        ),
        (
            "form-data; name=a; filename*=a",
            .malformedHeaderValue(header: header, .malformedExtendedValue(parameter: "filename*"))
        ),
    ]

    @Test(arguments: badValues)
    func isRefused(_ text: String, _ error: MultipartError) {
        #expect(throws: error) { try ContentDisposition(octets: Array(text.utf8)[...]) }
    }

    @Test func nameMustBeUTF8AndFilenameIsMended() throws {
        let latin1 = Array("form-data; name=a; filename=\"".utf8) + [0xE9] + Array(".png\"".utf8)
        #expect(try ContentDisposition(octets: latin1[...]).filename == "\u{FFFD}.png")
        let overlong = Array("form-data; name=\"".utf8) + [0xC0, 0xAF] + Array("\"".utf8)
        #expect(throws: MultipartError.malformedHeaderValue(header: Self.header, .invalidUTF8(parameter: "name"))) {
            try ContentDisposition(octets: overlong[...])
        }
    }
}
