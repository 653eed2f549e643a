import HubProtocol
import ImageService
import TestSupport
import Testing

/// Every error of the contract's table (§2) that the routes can meet, through the whole stack.
@Suite struct ErrorCodeTests {
    /// What is sent. `{id}` in a path is an image that exists, with one version.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "GET"
        var path: String
        var headers: [(String, String)] = []
        var body: [UInt8]?
        var status: Int
        var code: String
    }

    static let unknown = "/api/v2/images/00000000-0000-4000-8000-000000000000"
    static let json = [("Content-Type", "application/json")]
    static let png = [("Content-Type", "image/png")]

    static func upload(
        _ description: String,
        _ body: [UInt8]?,
        fields: Bool = true,
        _ status: Int,
        _ code: String
    ) -> Row {
        var form = FormBody()
        for name in ["type", "subtype", "theme"] { form.add(name, "x") }
        if fields { form.add("name", "x") }
        if let body { form.add("image", file: "x.png", type: "image/png", bytes: body) }
        return Row(
            testDescription: description,
            method: "POST",
            path: "/api/v2/images/",
            headers: [("Content-Type", form.contentType)],
            body: form.finished(),
            status: status,
            code: code
        )
    }

    static func rows() throws -> [Row] {
        func bad(_ file: String) throws -> [UInt8] { try Fixtures.bytes("images/bad/\(file)") }
        let good = try Fixtures.bytes("images/good/png-rgb-8.png")
        return [
            upload("no bytes", [], 400, "EMPTY_FILE"),
            upload("no image", nil, 422, "VALIDATION_ERROR"),
            upload("no name", good, fields: false, 422, "VALIDATION_ERROR"),
            upload("text", Array("hello".utf8), 415, "INVALID_FILE_TYPE"),
            upload("an SVG called PNG", try bad("svg.png"), 415, "INVALID_FILE_TYPE"),
            upload("a huge header", try bad("png-huge.png"), 422, "IMAGE_TOO_LARGE"),
            upload("a cut PNG", try bad("png-truncated.png"), 422, "CORRUPT_IMAGE"),
            upload("a PNG with a bad checksum", try bad("png-idat-bad-crc.png"), 422, "CORRUPT_IMAGE"),
            upload("a cut JPEG", try bad("jpeg-truncated.jpg"), 422, "CORRUPT_IMAGE"),
            upload("a cut GIF", try bad("gif-truncated.gif"), 422, "CORRUPT_IMAGE"),
            upload("a cut WebP", try bad("webp-animated-truncated.webp"), 422, "CORRUPT_IMAGE"),
            upload("too many bytes", [UInt8](repeating: 0, count: 70_000), 413, "FILE_TOO_LARGE"),
            upload("far too many bytes", [UInt8](repeating: 0, count: 700_000), 413, "FILE_TOO_LARGE"),
            Row(
                testDescription: "JSON for a form",
                method: "POST",
                path: "/api/v2/images",
                headers: json,
                body: Array("{}".utf8),
                status: 415,
                code: "UNSUPPORTED_MEDIA_TYPE"
            ),
            Row(
                testDescription: "half a form",
                method: "POST",
                path: "/api/v2/images/",
                headers: [("Content-Type", "multipart/form-data; boundary=b")],
                body: Array("--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx".utf8),
                status: 400,
                code: "MALFORMED_REQUEST"
            ),
            Row(testDescription: "an unknown image", path: unknown, status: 404, code: "IMAGE_NOT_FOUND"),
            Row(testDescription: "its content", path: unknown + "/content", status: 404, code: "IMAGE_NOT_FOUND"),
            Row(testDescription: "its versions", path: unknown + "/versions", status: 404, code: "IMAGE_NOT_FOUND"),
            Row(
                testDescription: "delete it",
                method: "DELETE",
                path: unknown,
                status: 404,
                code: "IMAGE_NOT_FOUND"
            ),
            Row(
                testDescription: "change it",
                method: "PATCH",
                path: unknown,
                headers: json,
                body: Array(#"{"name":"n"}"#.utf8),
                status: 404,
                code: "IMAGE_NOT_FOUND"
            ),
            Row(
                testDescription: "new content for it",
                method: "PUT",
                path: unknown + "/content",
                headers: png,
                body: good,
                status: 404,
                code: "IMAGE_NOT_FOUND"
            ),
            Row(testDescription: "no UUID", path: "/api/v2/images/1", status: 422, code: "VALIDATION_ERROR"),
            Row(
                testDescription: "no such version",
                path: "{id}/content?version=2",
                status: 404,
                code: "VERSION_NOT_FOUND"
            ),
            Row(testDescription: "no version", path: "{id}/content?version=0", status: 422, code: "VALIDATION_ERROR"),
            Row(
                testDescription: "past the end",
                path: "{id}/content",
                headers: [("Range", "bytes=1000000-")],
                status: 416,
                code: "RANGE_NOT_SATISFIABLE"
            ),
            Row(
                testDescription: "changed by somebody else",
                method: "PUT",
                path: "{id}/content",
                headers: png + [("If-Match", "\"7\"")],
                body: good,
                status: 412,
                code: "PRECONDITION_FAILED"
            ),
            Row(
                testDescription: "nothing to change",
                method: "PATCH",
                path: "{id}",
                headers: json,
                body: Array("{}".utf8),
                status: 422,
                code: "VALIDATION_ERROR"
            ),
            Row(
                testDescription: "half a JSON",
                method: "PATCH",
                path: "{id}",
                headers: json,
                body: Array("{".utf8),
                status: 400,
                code: "MALFORMED_REQUEST"
            ),
            Row(
                testDescription: "no JSON",
                method: "PATCH",
                path: "{id}",
                headers: png,
                body: Array("{}".utf8),
                status: 415,
                code: "UNSUPPORTED_MEDIA_TYPE"
            ),
            Row(
                testDescription: "an empty filter",
                path: "/api/v2/images/?type=",
                status: 422,
                code: "VALIDATION_ERROR"
            ),
            Row(testDescription: "no limit", path: "/api/v2/images/?limit=0", status: 422, code: "VALIDATION_ERROR"),
            Row(testDescription: "nowhere", path: "/api/v3/images/", status: 404, code: "NOT_FOUND"),
            Row(testDescription: "not that way", method: "PUT", path: "{id}", status: 405, code: "METHOD_NOT_ALLOWED"),
        ]
    }

    @Test func isWhatTheTableSays() async throws {
        var settings = ServiceSettings.patient
        settings.uploadBytesMax = 65_536
        let rows = try Self.rows()
        try await Stack.run(settings) { stack in
            let made = try await stack.client.upload(try Fixtures.bytes("images/good/png-rgb-8.png"), name: "n")
            let image = try #require(made.headers["location"])
            for row in rows {
                let answer = try await stack.client.send(
                    row.method,
                    row.path.replacing("{id}", with: image),
                    headers: row.headers,
                    body: row.body
                )
                #expect(answer.status == row.status, "\(row.testDescription): \(answer.json)")
                #expect(answer.errorCode == row.code, "\(row.testDescription): \(answer.json)")
                #expect(answer.json["error"]?["message"]?.string?.isEmpty == false, "\(row.testDescription)")
                #expect(answer.json["error"]?["details"]?.object != nil, "\(row.testDescription)")
                #expect(answer.headers["x-request-id"] != nil, "\(row.testDescription)")
            }
            // After all that, the one image is as it was.
            let listed = try await stack.client.send("GET", "/api/v2/images/")
            #expect(listed.json == [made.json])
        }
    }

    @Test func withoutRightsNothingIsRead() async throws {
        var settings = ServiceSettings.patient
        settings.tokens = try APITokens(parsing: "r:reading:read,w:writing:write")
        try await Stack.run(settings) { stack in
            let rows: [(method: String, token: String?, status: Int, code: String?)] = [
                ("GET", nil, 401, "UNAUTHORIZED"), ("POST", "nobody", 401, "UNAUTHORIZED"),
                ("POST", "reading", 403, "FORBIDDEN"), ("POST", "writing", 415, "UNSUPPORTED_MEDIA_TYPE"),
                ("GET", "reading", 200, nil),
            ]
            for row in rows {
                let answer = try await stack.client.send(
                    row.method,
                    "/api/v2/images/",
                    headers: row.token.map { [("Authorization", "Bearer \($0)")] } ?? []
                )
                #expect(answer.status == row.status, "\(row)")
                #expect(answer.errorCode == row.code, "\(row)")
            }
        }
    }

    @Test func tooMuchAtOnceIsRefusedAtOnce() async throws {
        var settings = ServiceSettings.patient
        settings.inflightBytesMax = 4 << 20
        try await Stack.run(settings) { stack in
            // One that says how much it brings and then takes its time holds its memory.
            let answer = try await RawConnection.open(to: stack.client.baseURL) { connection in
                try await connection.send(
                    """
                    PUT \(Self.unknown)/content HTTP/1.1\r
                    Host: x\r
                    Content-Type: image/png\r
                    Content-Length: 4000000\r
                    Expect: 100-continue\r
                    \r

                    """
                )
                #expect(try await connection.hear(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
                try await connection.send("x")
                try await stack.waitUntilHealth { $0.json["metrics"]?["inflight_bytes"] == 4_000_000 }
                return try await stack.client.send(
                    "PUT",
                    Self.unknown + "/content",
                    headers: Self.png,
                    body: [UInt8](repeating: 0, count: 300_000)
                )
            }
            #expect(answer.status == 503)
            #expect(answer.errorCode == "OVERLOADED")
            #expect(answer.headers["retry-after"] != nil)
        }
    }
}
