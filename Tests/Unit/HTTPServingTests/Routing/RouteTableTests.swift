import HTTPServing
import JSON
import Testing

/// What a method and a path come to, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct RouteTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int
        var code: String?
        var allow: String?
        var body: String?
        var testDescription: String { request }

        init(_ request: String, _ status: Int, code: String? = nil, allow: String? = nil, body: String? = nil) {
            self.request = request
            self.status = status
            self.code = code
            self.allow = allow
            self.body = body
        }
    }

    static let cases: [Case] = [
        Case("GET /hello", 200, body: "hello"),
        Case("GET /hello?x=/../y", 200, body: "hello"),
        Case("GET http://example.org/hello", 200, body: "hello"),
        Case("GET /%68ello", 200, body: "hello"),
        Case("GET /hello/", 404, code: "NOT_FOUND"),
        Case("GET /nothing", 404, code: "NOT_FOUND"),
        Case("GET /", 404, code: "NOT_FOUND"),
        Case("PROPFIND /hello", 405, code: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"),
        Case("POST /hello", 405, code: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"),
        Case("POST /nothing", 404, code: "NOT_FOUND"),
        Case("OPTIONS /hello", 204, allow: "GET, HEAD, OPTIONS"),
        Case("OPTIONS /items/7", 204, allow: "DELETE, GET, HEAD, OPTIONS"),
        Case("OPTIONS /nothing", 404, code: "NOT_FOUND"),
        Case("OPTIONS *", 204, allow: "GET, HEAD, OPTIONS"),
        Case("GET /list", 200, body: "[1,2]"),
        Case("GET /list/", 200, body: "[1,2]"),
        Case("POST /list", 201),
        Case("POST /list/", 201),
        Case("PUT /list/", 405, code: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS, POST"),
        Case("GET /list//", 404, code: "NOT_FOUND"),
        Case("GET //list", 404, code: "NOT_FOUND"),
        Case("GET /items/7", 200, body: #"{"id":"7","route":"/items/{id}"}"#),
        Case("GET /items/new", 200, body: #"{"route":"new"}"#),
        Case("DELETE /items/new", 405, code: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"),
        Case("GET /items/a%2Fb", 200, body: #"{"id":"a/b","route":"/items/{id}"}"#),
        Case("GET /items/%C3%A9", 200, body: #"{"id":"é","route":"/items/{id}"}"#),
        Case("GET /items/a+b", 200, body: #"{"id":"a+b","route":"/items/{id}"}"#),
        Case("GET /items/", 404, code: "NOT_FOUND"),
        Case("GET /items/..", 404, code: "NOT_FOUND"),
        Case("GET /items/%2e%2E", 404, code: "NOT_FOUND"),
        Case("GET /items/../hello", 404, code: "NOT_FOUND"),
        Case("GET /items/./7", 404, code: "NOT_FOUND"),
        Case("GET /items/%", 400, code: "MALFORMED_REQUEST"),
        Case("GET /items/%4", 400, code: "MALFORMED_REQUEST"),
        Case("GET /items/%zz", 400, code: "MALFORMED_REQUEST"),
        Case("GET /items/%FF", 400, code: "MALFORMED_REQUEST"),
        Case("GET /items/%C0%AF", 400, code: "MALFORMED_REQUEST"),
    ]

    @Test("each request has its answer", arguments: cases)
    func answers(_ example: Case) async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange("\(example.request) HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        #expect(response.status == example.status)
        #expect(response["allow"] == example.allow)
        if let body = example.body { #expect(response.text == body) }
        if let code = example.code { try expectError(response, status: example.status, code: code) }
    }

    @Test(
        "HEAD is GET without the body",
        arguments: ["/hello", "/list/", "/items/7", "/stream", "/nothing", "/items/%zz"]
    )
    func head(path: String) async throws {
        let (get, head, after) = try await TestServer.connected { client in
            let get = try await client.exchange("GET \(path) HTTP/1.1\r\nHost: x\r\nX-Request-ID: r\r\n\r\n")
            let head = try await client.exchange("HEAD \(path) HTTP/1.1\r\nHost: x\r\nX-Request-ID: r\r\n\r\n")
            return (get, head, try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"))
        }
        #expect(head.status == get.status)
        #expect(head["content-length"] == get["content-length"])
        #expect(head["content-type"] == get["content-type"])
        #expect(after.text == "hello", "the connection is still in step")
    }

    @Test("the body is ignored where the method is wrong, and the connection goes on")
    func wrongMethodWithBody() async throws {
        let (first, second) = try await TestServer.connected { client in
            let first = try await client.exchange("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
            return (first, try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"))
        }
        try expectError(first, status: 405, code: "METHOD_NOT_ALLOWED")
        #expect(second.text == "hello")
    }
}

/// The answer has the one error shape.
func expectError(
    _ response: RawResponse,
    status: Int,
    code: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(response.status == status, sourceLocation: sourceLocation)
    #expect(response["content-type"] == "application/json", sourceLocation: sourceLocation)
    let body = try JSONValue(parsing: response.body)
    #expect(body["error"]?["code"] == .string(code), sourceLocation: sourceLocation)
    #expect(body["error"]?["message"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(body["error"]?["details"]?.object != nil, sourceLocation: sourceLocation)
    #expect(body.object?.count == 1 && body["error"]?.object?.count == 3, sourceLocation: sourceLocation)
}
