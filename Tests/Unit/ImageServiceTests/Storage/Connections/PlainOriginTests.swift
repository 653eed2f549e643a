import Testing

@testable import ImageService

@Suite struct PlainOriginTests {
    @Test(arguments: [
        ("http://storage:8001/api/v2/assets/a", "storage", 8001, "storage:8001", "/api/v2/assets/a"),
        ("http://storage/a?b=c", "storage", 80, "storage", "/a?b=c"),
        ("http://storage", "storage", 80, "storage", "/"),
        ("http://127.0.0.1:1/", "127.0.0.1", 1, "127.0.0.1:1", "/"),
        ("http://[::1]:8001/a", "::1", 8001, "[::1]:8001", "/a"), ("http://[::1]/a", "::1", 80, "[::1]", "/a"),
    ])
    func splits(url: String, host: String, port: Int, authority: String, target: String) throws {
        let split = try #require(PlainOrigin.split(url))
        #expect(split.origin.host == host && split.origin.port == port && split.origin.authority == authority)
        #expect(split.target == target)
    }

    @Test(arguments: [
        "https://storage/a", "storage/a", "http:///a", "http://u:p@storage/a", "http://storage:/a",
        "http://storage:0/a",
        "http://storage:65536/a", "http://storage:x/a", "http://[::1/a", "http://st%41/a", "http://storage/a b",
        "http://storage/a\r\nX: y", "http://storage/ä", "http://storage/a#b", "http://storage?b", "http+unix://s/a",
    ])
    func leavesOthersAlone(url: String) {
        #expect(PlainOrigin.split(url) == nil)
    }
}
