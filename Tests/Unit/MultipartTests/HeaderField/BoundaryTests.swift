import Multipart
import Testing

@Suite struct BoundaryTests {
    @Test(arguments: [
        "x", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "'()+_,-./:=?", "a b", "-", "==", "!#$%&*^`|~",
        String(repeating: "a", count: 70),
    ])
    func isTaken(_ text: String) throws {
        #expect(try Boundary(text).octets == Array(text.utf8))
    }

    @Test(arguments: [
        "", " ", "a ", "a\tb", "a\rb", "a\nb", "a\"b", "a\\b", "a;b", "a@b", "a<b", "ü", "a\0", "a\u{7F}",
        String(repeating: "a", count: 71),
    ])
    func isRefused(_ text: String) {
        #expect(throws: MultipartError.boundaryInvalid(Excerpt(of: text))) { try Boundary(text) }
    }

    @Test func comesOutOfTheContentType() throws {
        let boundary = try Boundary(of: MediaType("Multipart/Form-Data; Boundary=\"a b\""))
        #expect(boundary == (try Boundary("a b")))
        #expect(throws: MultipartError.boundaryMissing) { try Boundary(of: MediaType("multipart/form-data")) }
        #expect(throws: MultipartError.boundaryInvalid("")) {
            try Boundary(of: MediaType("multipart/form-data; boundary=\"\""))
        }
        #expect(throws: MultipartError.notFormData("multipart/mixed")) {
            try Boundary(of: MediaType("multipart/mixed; boundary=a"))
        }
    }
}
