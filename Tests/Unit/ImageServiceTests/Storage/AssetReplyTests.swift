import HubProtocol
import ImageService
import Testing

@Suite struct AssetReplyTests {
    struct Row: Sendable {
        var status: Int
        var body = ""
        var trouble: StorageTrouble
        var isPassing: Bool
    }

    static func error(_ code: String) -> String { #"{"error":{"code":"\#(code)","message":"why","details":{}}}"# }

    @Test(arguments: [
        Row(
            status: 400,
            body: error("DIGEST_MISMATCH"),
            trouble: .rejected(code: "DIGEST_MISMATCH", message: "why"),
            isPassing: true
        ),
        Row(
            status: 404,
            body: error("ASSET_NOT_FOUND"),
            trouble: .rejected(code: "ASSET_NOT_FOUND", message: "why"),
            isPassing: false
        ),
        Row(
            status: 507,
            body: error("STORAGE_FULL"),
            trouble: .rejected(code: "STORAGE_FULL", message: "why"),
            isPassing: false
        ),
        Row(
            status: 503,
            body: error("STORAGE_FULL"),
            trouble: .rejected(code: "STORAGE_FULL", message: "why"),
            isPassing: false
        ),
        Row(
            status: 500,
            body: error("INTERNAL_ERROR"),
            trouble: .rejected(code: "INTERNAL_ERROR", message: "why"),
            isPassing: true
        ),
        Row(status: 503, body: error("OVERLOADED"), trouble: .unavailable("503 OVERLOADED"), isPassing: true),
        Row(status: 502, trouble: .unavailable("HTTP status 502"), isPassing: true),
        Row(status: 504, body: "<html>", trouble: .unavailable("HTTP status 504"), isPassing: true),
        Row(
            status: 507,
            trouble: .rejected(code: "STORAGE_FULL", message: "HTTP status 507 without an error body"),
            isPassing: false
        ),
        Row(
            status: 413,
            body: "[]",
            trouble: .rejected(code: "FILE_TOO_LARGE", message: "HTTP status 413 without an error body"),
            isPassing: false
        ),
        Row(
            status: 401,
            trouble: .rejected(code: "UNAUTHORIZED", message: "HTTP status 401 without an error body"),
            isPassing: false
        ),
        Row(
            status: 418,
            trouble: .rejected(code: "HTTP_418", message: "HTTP status 418 without an error body"),
            isPassing: false
        ),
        // What does not look like a code does not go on to a client as one.
        Row(
            status: 418,
            body: error("<script>"),
            trouble: .rejected(code: "HTTP_418", message: "why"),
            isPassing: false
        ),
        Row(status: 302, trouble: .invalidResponse("HTTP status 302"), isPassing: true),
        Row(status: 206, trouble: .invalidResponse("HTTP status 206"), isPassing: true),
    ])
    func statusesMeanTroubles(_ row: Row) {
        let trouble = AssetReply.trouble(status: row.status, body: Array(row.body.utf8))
        #expect(trouble == row.trouble)
        #expect(AssetReply.isPassing(trouble, status: row.status) == row.isPassing)
    }

    @Test(arguments: [(201, true), (200, false)])
    func readsWhatWasStored(status: Int, isNew: Bool) throws {
        let body = #"{"url":"/x","sha256":"\#(Samples.sha256)","size":3,"more":1}"#
        let stored = try AssetReply.stored(status: status, body: Array(body.utf8), sha256: Samples.sha256, size: 3)
        #expect(stored == StoredAsset(url: "/x", isNew: isNew))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"url":"/x","sha256":"other","size":3}"#,
        #"{"url":"/x","sha256":"\#(Samples.sha256)","size":4}"#, #"{"url":"","sha256":"\#(Samples.sha256)","size":3}"#,
        #"{"sha256":"\#(Samples.sha256)","size":3}"#,
    ])
    func believesNothingElse(body: String) throws {
        let trouble = try #require(throws: StorageTrouble.self) {
            try AssetReply.stored(status: 201, body: Array(body.utf8), sha256: Samples.sha256, size: 3)
        }
        guard case .invalidResponse = trouble else { Issue.record("\(trouble)"); return }
    }

    @Test(arguments: [
        ("http://s:9000", "/api/v2/assets/x", "http://s:9000/api/v2/assets/x"),
        ("http://s:9000", "http://s:9000/y", "http://s:9000/y"), ("http://s:9000/base", "y", "http://s:9000/base/y"),
        ("http://s:9000", "http://elsewhere/y", nil), ("http://s:9000", "http://s:9001/y", nil),
        ("http://s:9000", "https://s:9000/y", nil), ("http://s:9000", "//elsewhere/y", nil),
        ("http://s:9000", "file:///etc/passwd", nil), ("http://s:9000", "http://user@s:9000/y", nil),
        ("http://s:9000/base", "/y", "http://s:9000/y"), ("http://s:9000/base", "../y", "http://s:9000/y"),
        ("http://s:9000", "HTTP://S:9000/y", "HTTP://S:9000/y"), ("http://s:9000", "http://s:9000\\@elsewhere/y", nil),
        ("http://s:9000", "http:y", nil), ("http://s:9000", "http://s:9000#@elsewhere/y", "http://s:9000#@elsewhere/y"),
    ])
    func aRecordsURLLeadsNowhereElse(base: String, url: String, location: String?) {
        let content = ImageContent(url: url, format: "png", width: 1, height: 1, size: 1, sha256: nil)
        #expect(AssetLocation.url(of: content, base: base) == location)
    }

    @Test func anAssetIsFoundByItsName() {
        let content = Samples.image.content(at: "http://elsewhere/y")
        #expect(AssetLocation.url(of: content, base: "http://s") == "http://s/api/v2/assets/\(Samples.sha256)")
    }

    @Test func pausesGrowAndKeepToTheDeadline() {
        let policy = RetryPolicy(attemptsMax: 4, firstPause: .milliseconds(100))
        let long = Duration.seconds(60)
        #expect(policy.pause(after: 1, remaining: long, chance: 0) == .milliseconds(50))
        #expect(policy.pause(after: 3, remaining: long, chance: 0) == .milliseconds(200))
        #expect(policy.pause(after: 4, remaining: long, chance: 0) == nil)
        #expect(policy.pause(after: 1, remaining: .milliseconds(50), chance: 0) == nil)
    }
}
