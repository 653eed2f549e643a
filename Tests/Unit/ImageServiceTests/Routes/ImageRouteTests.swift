import HubProtocol
import ImageService
import TestSupport
import Testing

/// The other routes of the API over a scripted storage.
@Suite struct ImageRouteTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var method: String
        var path: String
        var headers: [(String, String)] = []
        var body: String? = nil
        var status: Int
        var code: String? = nil
        var operation: OperationName? = nil
        var testDescription: String { "\(method) \(path) \(headers) \(body ?? "")" }
    }

    static let image = "/api/v2/images/\(Samples.imageID)"
    static let tag = RecordTag(Samples.record()).entityTag.description
    static let json = [("Content-Type", "application/json")]

    static let rows: [Row] = [
        Row(method: "GET", path: image, status: 200, operation: .getImage),
        Row(method: "HEAD", path: image, status: 200, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-None-Match", tag)], status: 304, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-None-Match", "W/\(tag)")], status: 304, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-None-Match", "*")], status: 304, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-None-Match", "\"x\"")], status: 200, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-Match", tag)], status: 200, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-Match", "\"1\"")], status: 200, operation: .getImage),
        Row(method: "GET", path: image, headers: [("If-Match", "*")], status: 200, operation: .getImage),
        Row(
            method: "GET",
            path: image,
            headers: [("If-Match", "\"x\"")],
            status: 412,
            code: "PRECONDITION_FAILED",
            operation: .getImage
        ),
        Row(
            method: "GET",
            path: image,
            headers: [("If-Match", "\"x\""), ("If-None-Match", tag)],
            status: 412,
            code: "PRECONDITION_FAILED",
            operation: .getImage
        ),
        Row(method: "HEAD", path: image, headers: [("If-Match", "\"x\"")], status: 412, operation: .getImage),
        Row(method: "GET", path: "/api/v2/images/x", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/x/content", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/x/versions", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "DELETE", path: "/api/v2/images/x", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "PATCH", path: "/api/v2/images/x", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "PUT", path: "/api/v2/images/x/content", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "POST", path: image, status: 405, code: "METHOD_NOT_ALLOWED"),
        Row(method: "PUT", path: "/api/v2/images/", status: 405, code: "METHOD_NOT_ALLOWED"),
        Row(method: "OPTIONS", path: image, status: 204),
        Row(method: "GET", path: "/nowhere", status: 404, code: "NOT_FOUND"),
        Row(method: "GET", path: "/api/v2/images", status: 200, operation: .listImages),
        Row(method: "HEAD", path: "/api/v2/images/", status: 200, operation: .listImages),
        Row(method: "GET", path: "/api/v2/images/?type=", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/?limit=0", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/?limit=1001", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/?limit=1000&skip=5&x=y", status: 200, operation: .listImages),
        Row(method: "GET", path: "/api/v2/images/?skip=-1", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: "/api/v2/images/?type=%FF", status: 400, code: "MALFORMED_REQUEST"),
        Row(method: "DELETE", path: image, status: 204, operation: .deleteImage),
        Row(method: "DELETE", path: image, headers: [("If-Match", tag)], status: 204, operation: .deleteImage),
        Row(method: "DELETE", path: image, headers: [("If-Match", "\"1\"")], status: 204, operation: .deleteImage),
        Row(method: "DELETE", path: image, headers: [("If-Match", "*")], status: 204, operation: .deleteImage),
        Row(
            method: "DELETE",
            path: image,
            headers: [("If-Match", "\"2\"")],
            status: 412,
            code: "PRECONDITION_FAILED",
            operation: .getImage
        ),
        Row(
            method: "PATCH",
            path: image,
            headers: json,
            body: #"{"name":" n "}"#,
            status: 200,
            operation: .updateImage
        ),
        Row(
            method: "PATCH",
            path: image,
            headers: json + [("If-Match", "\"x\"")],
            body: #"{"name":"n"}"#,
            status: 412,
            code: "PRECONDITION_FAILED",
            operation: .getImage
        ),
        Row(method: "PATCH", path: image, body: "{}", status: 415, code: "UNSUPPORTED_MEDIA_TYPE"),
        Row(method: "PATCH", path: image, headers: json, body: "{", status: 400, code: "MALFORMED_REQUEST"),
        Row(method: "PATCH", path: image, headers: json, body: "", status: 400, code: "MALFORMED_REQUEST"),
        Row(method: "PATCH", path: image, headers: json, body: "[]", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "PATCH", path: image, headers: json, body: "{}", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "PATCH", path: image, headers: json, body: #"{"x":1}"#, status: 422, code: "VALIDATION_ERROR"),
        Row(
            method: "PATCH",
            path: image,
            headers: json,
            body: #"{"name":null}"#,
            status: 422,
            code: "VALIDATION_ERROR"
        ),
        Row(method: "PATCH", path: image, headers: json, body: #"{"name":1}"#, status: 422, code: "VALIDATION_ERROR"),
        Row(
            method: "PATCH",
            path: image,
            headers: json,
            body: #"{"name":"n","type":" "}"#,
            status: 422,
            code: "VALIDATION_ERROR"
        ),
        Row(method: "GET", path: image + "/versions", status: 200, operation: .listImageVersions),
        Row(method: "GET", path: image + "/content?version=0", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: image + "/content?version=x", status: 422, code: "VALIDATION_ERROR"),
        Row(method: "GET", path: image + "/content", status: 200, operation: .getImage),
        Row(method: "HEAD", path: image + "/content?version=1", status: 200, operation: .getImage),
        Row(
            method: "GET",
            path: image + "/content",
            headers: [("Range", "bytes=0-9")],
            status: 206,
            operation: .getImage
        ),
        Row(
            method: "GET",
            path: image + "/content",
            headers: [("Range", "bytes=1024-")],
            status: 416,
            code: "RANGE_NOT_SATISFIABLE",
            operation: .getImage
        ),
        Row(
            method: "PUT",
            path: image + "/content",
            headers: [("Content-Type", "text/plain")],
            body: "x",
            status: 415,
            code: "UNSUPPORTED_MEDIA_TYPE"
        ),
        Row(
            method: "PUT",
            path: image + "/content",
            headers: [("Content-Type", "image/png")],
            body: "",
            status: 400,
            code: "EMPTY_FILE"
        ),
        Row(
            method: "PUT",
            path: image + "/content",
            headers: [("Content-Type", "image/png")],
            body: "x",
            status: 415,
            code: "INVALID_FILE_TYPE"
        ),
    ]

    @Test(arguments: rows)
    func answers(_ row: Row) async throws {
        let storage = FakeStorage()
        let answer = try await withService(storage) { client in
            try await client.send(row.method, row.path, headers: row.headers, body: row.body.map { Array($0.utf8) })
        }
        #expect(answer.status == row.status, "\(answer.json)")
        #expect(answer.errorCode == row.code)
        #expect(storage.operations.last?.name == row.operation)
        if row.method == "HEAD" || row.status == 304 || row.status == 204 { #expect(answer.body.isEmpty) }
        if row.status == 405 { #expect(answer.headers["allow"] != nil) }
    }

    @Test func theListSaysHowManyAndWhereTheOthersAre() async throws {
        let storage = FakeStorage(operation: { _, _ throws(StorageTrouble) in
            ImagePage(images: [Samples.record()], total: 5).json
        })
        let answer = try await withService(storage) { client in
            try await client.send("GET", "/api/v2/images/?skip=2&limit=1&type=a%20b")
        }
        #expect(answer.json.array?.count == 1)
        #expect(answer.headers["x-total-count"] == "5")
        let list = "/api/v2/images/?type=a%20b"
        #expect(
            answer.headers["link"]
                == "<\(list)&skip=3&limit=1>; rel=\"next\", <\(list)&skip=1&limit=1>; rel=\"prev\""
        )
        #expect(storage.operations == [.listImages(ListImages(type: "a b", skip: 2, limit: 1))])
    }

    @Test func contentSaysWhatItIs() async throws {
        let answers = try await withService { client in
            [
                try await client.send("GET", Self.image + "/content"),
                try await client.send("GET", Self.image + "/content?version=1"),
            ]
        }
        for answer in answers {
            #expect(answer.body == Samples.image.bytes)
            #expect(answer.headers["content-type"] == "image/png")
            #expect(answer.headers["etag"] == "\"\(Samples.sha256)\"")
            #expect(answer.headers["accept-ranges"] == "bytes")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
        }
        #expect(answers[0].headers["cache-control"] == "public, no-cache")
        #expect(answers[1].headers["cache-control"] == "public, max-age=31536000, immutable")
    }

    @Test func whoHasTheBytesIsNotSentThem() async throws {
        let storage = FakeStorage()
        let answer = try await withService(storage) { client in
            try await client.send(
                "GET",
                Self.image + "/content",
                headers: [("If-None-Match", "\"\(Samples.sha256)\"")]
            )
        }
        #expect(answer.status == 304)
        #expect(!storage.events.contains(.get(Samples.sha256)))
    }

    @Test(arguments: [(nil, nil), ("*", nil), ("\"1\"", 1), (tag, 1)] as [(String?, Int?)])
    func newContentIsTheNextVersion(ifMatch: String?, expected: Int?) async throws {
        let storage = FakeStorage()
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        let answer = try await withService(storage) { client in
            try await client.send(
                "PUT",
                Self.image + "/content",
                headers: [("Content-Type", "image/png")] + (ifMatch.map { [("If-Match", $0)] } ?? []),
                body: bytes
            )
        }
        #expect(answer.status == 201)
        #expect(answer.json["version"] == 2)
        #expect(answer.headers["location"] == Self.image + "/content?version=2")
        guard case .createImageVersion(let sent) = storage.operations.last else { Issue.record("nothing sent"); return }
        #expect(sent.expectedVersion == expected)
        #expect(sent.content.size == bytes.count)
    }

    @Test func newContentMayComeAsAForm() async throws {
        var form = FormBody()
        form.add("image", file: "x", type: "image/png", bytes: try Fixtures.bytes("images/good/png-rgb-8.png"))
        let sent = form
        let answer = try await withService { client in
            try await client.send(
                "PUT",
                Self.image + "/content",
                headers: [("Content-Type", sent.contentType)],
                body: sent.finished()
            )
        }
        #expect(answer.status == 201)
    }

    @Test func aLostRaceIsAFailedPrecondition() async throws {
        let storage = FakeStorage(operation: { operation, _ throws(StorageTrouble) in
            if case .createImageVersion = operation { throw .rejected(code: "VERSION_CONFLICT", message: "") }
            return FakeStorage.success(operation)
        })
        let answer = try await withService(storage) { client in
            try await client.send(
                "PUT",
                Self.image + "/content",
                headers: [("Content-Type", "image/png"), ("If-Match", "\"1\"")],
                body: try Fixtures.bytes("images/good/png-rgb-8.png")
            )
        }
        #expect(answer.status == 412)
        #expect(answer.errorCode == "PRECONDITION_FAILED")
        #expect(storage.events.last.map { if case .delete = $0 { true } else { false } } == true)
    }
}
