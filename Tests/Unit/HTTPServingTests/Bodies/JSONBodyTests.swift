import HTTPServing
import Testing

/// JSON bodies, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct JSONBodyTests {
    @Test(
        "a JSON body is read strictly",
        arguments: [
            ("application/json", #"{"a":[1,"x",null]}"#, 200, #"{"a":[1,"x",null]}"#),
            ("application/json; charset=utf-8", "1", 200, "1"),
            ("Application/JSON;charset=\"UTF-8\"", "1", 200, "1"),
            ("application/merge-patch+json", "1", 200, "1"),
            ("application/json", "", 400, "MALFORMED_REQUEST"),
            ("application/json", "{", 400, "MALFORMED_REQUEST"),
            ("application/json", "{} x", 400, "MALFORMED_REQUEST"),
            ("application/json", "{'a':1}", 400, "MALFORMED_REQUEST"),
            ("application/json", #"{"a":1,}"#, 400, "MALFORMED_REQUEST"),
            ("application/json", "NaN", 400, "MALFORMED_REQUEST"),
            ("application/json", "\u{FEFF}{", 400, "MALFORMED_REQUEST"),
            ("application/json", String(repeating: "[", count: 900), 400, "MALFORMED_REQUEST"),
            ("application/json", String(repeating: " ", count: 1001), 413, "FILE_TOO_LARGE"),
            ("application/json; charset=latin1", "1", 415, "UNSUPPORTED_MEDIA_TYPE"),
            ("text/plain", "1", 415, "UNSUPPORTED_MEDIA_TYPE"),
            ("application", "1", 415, "UNSUPPORTED_MEDIA_TYPE"),
            ("", "1", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ]
    )
    func reads(type: String, body: String, status: Int, expected: String) async throws {
        let response = try await TestServer.connected { client in
            try await client.exchange(
                "POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n"
                    + (type.isEmpty ? "" : "Content-Type: \(type)\r\n") + "\r\n" + body
            )
        }
        if status == 200 {
            #expect(response.status == 200)
            #expect(response.text == expected)
            #expect(response["content-type"] == "application/json")
            #expect(response["x-content-type-options"] == "nosniff")
        } else {
            try expectError(response, status: status, code: expected)
        }
    }
}
