import ImageService
import Testing

@Suite struct PublicURLTests {
    struct Bound: Sendable {
        var host: String
        var requestHost: String?
        var url: String
    }

    @Test(arguments: [
        Bound(host: "127.0.0.1", requestHost: "evil.example", url: "http://127.0.0.1:8000"),
        Bound(host: "::1", requestHost: nil, url: "http://[::1]:8000"),
        Bound(host: "0.0.0.0", requestHost: "images.example:8080", url: "http://images.example:8080"),
        Bound(host: "::", requestHost: "[2001:db8::1]:8080", url: "http://[2001:db8::1]:8080"),
        Bound(host: "0.0.0.0", requestHost: nil, url: "http://127.0.0.1:8000"),
        Bound(host: "0.0.0.0", requestHost: "", url: "http://127.0.0.1:8000"),
        Bound(host: "0.0.0.0", requestHost: "a/b", url: "http://127.0.0.1:8000"),
        Bound(host: "0.0.0.0", requestHost: "user@host", url: "http://127.0.0.1:8000"),
        Bound(host: "0.0.0.0", requestHost: "a\"b", url: "http://127.0.0.1:8000"),
    ])
    func followsTheAddress(_ bound: Bound) {
        let url = PublicURL(boundTo: bound.host, port: 8000)
        #expect(url.text(requestHost: bound.requestHost) == bound.url)
        #expect(url.pathPrefix == "")
    }

    @Test(arguments: [
        ("https://images.example", "https://images.example", ""),
        ("https://images.example/", "https://images.example", ""),
        ("https://images.example:8443/svc/", "https://images.example:8443/svc", "/svc"),
        ("http://[::1]:80/a/b", "http://[::1]:80/a/b", "/a/b"),
    ])
    func keepsTheSetting(setting: String, url: String, prefix: String) {
        #expect(PublicURL.problem(with: setting) == nil)
        let made = PublicURL(setting: setting)
        #expect(made.text(requestHost: "other.example") == url)
        #expect(made.pathPrefix == prefix)
    }

    @Test(arguments: [
        "images.example", "ftp://images.example", "http://", "http:///x", "http://user:pw@host", "http://h/?q",
        "http://h/#f",
        "http://h/a b", "http://h/\"", "http://h\n",
    ])
    func refuses(setting: String) {
        #expect(PublicURL.problem(with: setting) != nil)
    }
}
