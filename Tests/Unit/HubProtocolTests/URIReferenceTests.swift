import HubProtocol
import Testing

/// How a `url` is resolved: as RFC 3986 has it, and against a base URL with or without a slash at its end.
@Suite struct URIReferenceTests {
    /// RFC 3986 §5.4, all of it, against `http://a/b/c/d;p?q`.
    static let ofTheStandard = [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
    ]

    @Test(arguments: ofTheStandard)
    func resolvesAsTheStandardHasIt(reference: String, target: String) {
        #expect(URIReference(reference).resolved(against: URIReference("http://a/b/c/d;p?q")).description == target)
    }

    @Test(arguments: [
        ("http://h:1", "/api/v2/x", "http://h:1/api/v2/x"), ("http://h:1", "api/v2/x", "http://h:1/api/v2/x"),
        ("http://h/store", "api/v2/x", "http://h/store/api/v2/x"),
        ("http://h/store/", "api/v2/x", "http://h/store/api/v2/x"),
        ("http://h/store", "/store/api/v2/x", "http://h/store/api/v2/x"),
        ("http://h/store", "/api/v2/x", "http://h/api/v2/x"), ("http://h/store", "../x", "http://h/x"),
        ("http://h/store", "https://other/x", "https://other/x"), ("http://h/store", "//other/x", "http://other/x"),
    ])
    func aBaseURLCountsAsOneWithASlashAtItsEnd(base: String, url: String, target: String) {
        #expect(URIReference.url(url, from: base).description == target)
    }

    @Test(arguments: [
        ("a b", "http://h/a%20b"), ("ä", "http://h/%C3%A4"), ("a\r\nb", "http://h/a%0D%0Ab"),
        ("\\\\evil\\x", "http://h/%5C%5Cevil%5Cx"), ("a%20b", "http://h/a%20b"), ("1:x", "http://h/1:x"),
    ])
    func whatNoURIHoldsIsPercentEncoded(url: String, target: String) {
        #expect(URIReference.url(url, from: "http://h").description == target)
    }
}
