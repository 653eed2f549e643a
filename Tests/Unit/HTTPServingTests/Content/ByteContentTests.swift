import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Conditions and ranges of content, over a real socket (RFC 9110 §13, §14).
@Suite(.timeLimit(.minutes(5)))
struct ByteContentTests {
    private static var routes: RouteTable {
        var routes = RouteTable()
        // A buffer whose bytes do not start at 0, as those of a decoded message.
        var bytes = ByteBuffer(string: "xx0123456789yy")
        bytes.moveReaderIndex(forwardBy: 2)
        bytes.moveWriterIndex(to: 12)
        routes.get("/content") { [bytes] request, _ in
            try ByteContent(
                bytes: bytes,
                contentType: "image/png",
                entityTag: EntityTag("v1"),
                cacheControl: "public, max-age=31536000, immutable",
                headers: [.contentDisposition: "inline"]
            ).response(to: request)
        }
        return routes
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let fields: String
        let status: Int
        var method = "GET"
        var body: String?
        var contentRange: String?
        var testDescription: String { "\(method) \(fields)" }
    }

    static let cases: [Case] = [
        Case(fields: "", status: 200, body: "0123456789"),
        Case(fields: "", status: 200, method: "HEAD"),
        Case(fields: "If-None-Match: \"v1\"", status: 304),
        Case(fields: "If-None-Match: \"v1\"", status: 304, method: "HEAD"),
        Case(fields: "If-None-Match: W/\"v1\"", status: 304),
        Case(fields: "If-None-Match: \"v0\", \"v1\"", status: 304),
        Case(fields: "If-None-Match: \"v0\"\r\nIf-None-Match: \"v1\"", status: 304),
        Case(fields: "If-None-Match: *", status: 304),
        Case(fields: "If-None-Match: \"v0\"", status: 200, body: "0123456789"),
        Case(fields: "If-None-Match: v1", status: 200, body: "0123456789"),
        Case(fields: "If-Match: \"v1\"", status: 200, body: "0123456789"),
        Case(fields: "If-Match: *", status: 200, body: "0123456789"),
        Case(fields: "If-Match: W/\"v1\"", status: 412),
        Case(fields: "If-Match: \"v0\"", status: 412),
        Case(fields: "If-Match: \"v0\"\r\nIf-None-Match: \"v1\"", status: 412),
        Case(fields: "Range: bytes=2-4", status: 206, body: "234", contentRange: "bytes 2-4/10"),
        Case(fields: "Range: bytes=-3", status: 206, body: "789", contentRange: "bytes 7-9/10"),
        Case(fields: "Range: bytes=8-", status: 206, body: "89", contentRange: "bytes 8-9/10"),
        Case(fields: "Range: bytes=0-99", status: 206, body: "0123456789", contentRange: "bytes 0-9/10"),
        Case(fields: "Range: bytes=10-", status: 416, contentRange: "bytes */10"),
        Case(fields: "Range: bytes=0-1,3-4", status: 200, body: "0123456789"),
        Case(fields: "Range: lines=0-1", status: 200, body: "0123456789"),
        // A range is for GET alone.
        Case(fields: "Range: bytes=2-4", status: 200, method: "HEAD"),
        Case(fields: "Range: bytes=10-", status: 200, method: "HEAD"),
        // If-None-Match comes first (RFC 9110 §13.2.2).
        Case(fields: "Range: bytes=2-4\r\nIf-None-Match: \"v1\"", status: 304),
        Case(fields: "Range: bytes=2-4\r\nIf-Range: \"v1\"", status: 206, body: "234", contentRange: "bytes 2-4/10"),
        Case(fields: "Range: bytes=2-4\r\nIf-Range: \"v0\"", status: 200, body: "0123456789"),
        Case(fields: "Range: bytes=2-4\r\nIf-Range: W/\"v1\"", status: 200, body: "0123456789"),
        Case(fields: "Range: bytes=10-\r\nIf-Range: \"v0\"", status: 200, body: "0123456789"),
        Case(fields: "Range: bytes=2-4\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT", status: 200, body: "0123456789"),
    ]

    @Test("content", arguments: cases)
    func content(_ example: Case) async throws {
        let request = "\(example.method) /content HTTP/1.1\r\nHost: x\r\n\(example.fields)"
        let response = try await TestServer.connected(Self.routes) { client in
            try await client.exchange(request + (example.fields.isEmpty ? "\r\n" : "\r\n\r\n"))
        }
        #expect(response.status == example.status)
        #expect(response["content-range"] == example.contentRange)
        if let body = example.body { #expect(response.text == body) }
        switch example.status {
        case 200, 206:
            #expect(response["etag"] == "\"v1\"")
            #expect(response["content-type"] == "image/png")
            #expect(response["accept-ranges"] == "bytes")
            #expect(response["x-content-type-options"] == "nosniff")
            #expect(response["cache-control"] == "public, max-age=31536000, immutable")
            #expect(response["content-disposition"] == "inline")
            #expect(response["content-length"] == (example.method == "HEAD" ? "10" : "\(response.body.count)"))
        case 304:
            #expect(response["etag"] == "\"v1\"")
            #expect(response["cache-control"] != nil)
            #expect(response["content-length"] == nil && response["content-type"] == nil)
        case 412:
            try expectError(response, status: 412, code: "PRECONDITION_FAILED")
        default:
            try expectError(response, status: 416, code: "RANGE_NOT_SATISFIABLE")
        }
    }
}
