import HubProtocol
import ImageService
import JSON
import TestSupport
import Testing

/// `POST /api/v2/images/`: what is let in, what is refused and why, and in which order.
@Suite struct UploadTests {
    /// A form for an upload. What is `nil` is left out.
    struct FormSample: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var image: String? = "png-rgb-8.png"
        var imageBytes: [UInt8]? = nil
        var fields: [(name: String, value: String)] = [
            ("type", "portrait"), ("subtype", "character"), ("name", "Portrait Name"), ("theme", "fantasy"),
        ]
        var hasFilename = true
        var repeatsImage = false
        var contentType: String? = nil
        var status: Int
        var code: String? = nil
        var errors: [JSONValue]? = nil

        func body() throws -> (contentType: String, bytes: [UInt8]) {
            var form = FormBody()
            for field in fields { form.add(field.name, field.value) }
            let bytes =
                try imageBytes ?? image.map { try Fixtures.bytes("images/\($0.contains("/") ? "" : "good/")\($0)") }
            if let bytes {
                for _ in 0..<(repeatsImage ? 2 : 1) {
                    if hasFilename {
                        form.add("image", file: "x.png", type: "text/plain", bytes: bytes)
                    } else {
                        form.add(headers: ["Content-Disposition: form-data; name=\"image\""], bytes: bytes)
                    }
                }
            }
            return (contentType ?? form.contentType, form.finished())
        }
    }

    static func fields(but name: String, _ value: String?) -> [(name: String, value: String)] {
        var fields = [("type", "portrait"), ("subtype", "s"), ("name", "n"), ("theme", "t")]
        fields.removeAll { $0.0 == name }
        if let value { fields.append((name, value)) }
        return fields
    }

    static func error(_ name: String, _ fault: FieldFault) -> JSONValue { FieldError(["body", name], fault).json }

    static let samples: [FormSample] = [
        FormSample(testDescription: "good", status: 201),
        FormSample(testDescription: "gif", image: "gif-animated.gif", status: 201),
        FormSample(testDescription: "jpeg", image: "jpeg-baseline.jpg", status: 201),
        FormSample(testDescription: "webp", image: "webp-lossy.webp", status: 201),
        FormSample(testDescription: "blanks around", fields: fields(but: "name", "  n\u{00A0}"), status: 201),
        FormSample(
            testDescription: "an unknown field",
            fields: fields(but: "x", "y") + [("x", "z")],
            status: 201
        ),
        FormSample(
            testDescription: "not multipart",
            contentType: "application/json",
            status: 415,
            code: "UNSUPPORTED_MEDIA_TYPE"
        ),
        FormSample(
            testDescription: "another multipart",
            contentType: "multipart/mixed; boundary=x",
            status: 415,
            code: "UNSUPPORTED_MEDIA_TYPE"
        ),
        FormSample(
            testDescription: "no boundary",
            contentType: "multipart/form-data",
            status: 400,
            code: "MALFORMED_REQUEST"
        ),
        FormSample(
            testDescription: "another boundary",
            contentType: "multipart/form-data; boundary=other",
            status: 400,
            code: "MALFORMED_REQUEST"
        ),
        FormSample(
            testDescription: "nothing",
            image: nil,
            fields: [],
            status: 422,
            code: "VALIDATION_ERROR",
            errors: ["image", "type", "subtype", "name", "theme"].map { error($0, .missing) }
        ),
        FormSample(
            testDescription: "no filename",
            hasFilename: false,
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("image", .notFile)]
        ),
        FormSample(
            testDescription: "two images",
            repeatsImage: true,
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("image", .repeated)]
        ),
        FormSample(
            testDescription: "a field twice",
            fields: fields(but: "", nil) + [("name", "again")],
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("name", .repeated)]
        ),
        FormSample(
            testDescription: "a blank field",
            fields: fields(but: "theme", " \t "),
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("theme", .tooShort)]
        ),
        FormSample(
            testDescription: "a long field",
            fields: fields(but: "theme", String(repeating: "x", count: 256)),
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("theme", .tooLong(lengthMax: 255))]
        ),
        FormSample(
            testDescription: "a field that is far too long",
            fields: fields(but: "theme", String(repeating: "x", count: 20_000)),
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("theme", .tooLong(lengthMax: 255))]
        ),
        // It hides nothing of what else is wrong, and the file behind it is looked at last, as ever.
        FormSample(
            testDescription: "a field that is far too long, and others",
            imageBytes: [],
            fields: [("theme", String(repeating: "x", count: 20_000)), ("name", ""), ("type", "t")],
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [
                error("subtype", .missing), error("name", .tooShort), error("theme", .tooLong(lengthMax: 255)),
            ]
        ),
        FormSample(
            testDescription: "a control character",
            fields: fields(but: "type", "a\u{7}b"),
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("type", .controlCharacter)]
        ),
        // Fields before the file: a bad file with a bad field is a bad field.
        FormSample(
            testDescription: "no name and no bytes",
            imageBytes: [],
            fields: fields(but: "name", nil),
            status: 422,
            code: "VALIDATION_ERROR",
            errors: [error("name", .missing)]
        ),
        FormSample(testDescription: "no bytes", imageBytes: [], status: 400, code: "EMPTY_FILE"),
        FormSample(
            testDescription: "text",
            imageBytes: Array("not an image".utf8),
            status: 415,
            code: "INVALID_FILE_TYPE"
        ),
        FormSample(testDescription: "too many pixels", image: "bad/png-huge.png", status: 422, code: "IMAGE_TOO_LARGE"),
        FormSample(testDescription: "cut off", image: "bad/png-truncated.png", status: 422, code: "CORRUPT_IMAGE"),
        FormSample(testDescription: "cut off", image: "bad/jpeg-truncated.jpg", status: 422, code: "CORRUPT_IMAGE"),
        FormSample(testDescription: "cut off", image: "bad/gif-truncated.gif", status: 422, code: "CORRUPT_IMAGE"),
        FormSample(
            testDescription: "cut off",
            image: "bad/webp-animated-truncated.webp",
            status: 422,
            code: "CORRUPT_IMAGE"
        ),
    ]

    @Test(arguments: samples)
    func answers(_ sample: FormSample) async throws {
        let storage = FakeStorage()
        let (contentType, bytes) = try sample.body()
        let answer = try await withService(storage) { client in
            try await client.send("POST", "/api/v2/images/", headers: [("Content-Type", contentType)], body: bytes)
        }
        #expect(answer.status == sample.status, "\(answer.json)")
        #expect(answer.errorCode == sample.code)
        if let errors = sample.errors { #expect(answer.json["error"]?["details"]?["errors"] == .array(errors)) }
        // Nothing reaches storage of what is refused.
        #expect(storage.events.isEmpty == (sample.status != 201))
    }

    @Test func aNewImageIsShown() async throws {
        let storage = FakeStorage()
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        let (answer, base) = try await withService(storage) { client in
            (try await client.upload(bytes, name: " n "), client.baseURL)
        }
        #expect(answer.status == 201)
        #expect(answer.headers["location"] == "/api/v2/images/\(Samples.imageID)")
        #expect(answer.headers["etag"] == RecordTag(Samples.record()).entityTag.description)
        #expect(answer.json["name"] == "n")
        #expect(answer.json["content"]?["bytes"]?.integer == Int64(bytes.count))
        let url = answer.json["content"]?["url"]?.string ?? ""
        #expect(url.hasSuffix("/api/v2/images/\(Samples.imageID)/content?version=1"))
        #expect(!base.isEmpty)
    }

    struct Size: Sendable {
        var bytes: Int
        var status: Int
        var isChunked = false
    }

    @Test(arguments: [
        Size(bytes: 1000, status: 415), Size(bytes: 1001, status: 413), Size(bytes: 500_000, status: 413),
    ])
    func aFileMayHaveSoManyBytes(_ size: Size) async throws {
        var settings = ServiceSettings()
        settings.uploadBytesMax = 1000
        let answer = try await withService(settings: settings) { client in
            try await client.upload([UInt8](repeating: 65, count: size.bytes), name: "n")
        }
        #expect(answer.status == size.status, "\(answer.json)")
        if size.status == 413 {
            #expect(answer.errorCode == "FILE_TOO_LARGE")
            #expect(answer.json["error"]?["details"]?["max_bytes"] == 1000)
        }
    }

    /// Memory that another request holds comes free; what all of it could not hold never gets in.
    @Test func moreThanAllTheMemoryIsTooLarge() async throws {
        var settings = ServiceSettings()
        settings.inflightBytesMax = 100
        let storage = FakeStorage()
        let answer = try await withService(storage, settings: settings) { client in
            try await client.upload(try Fixtures.bytes("images/good/png-rgb-8.png"), name: "n")
        }
        #expect(answer.status == 413)
        #expect(answer.errorCode == "FILE_TOO_LARGE")
        #expect(answer.json["error"]?["details"]?["max_bytes"] == 100)
        #expect(storage.events.isEmpty)
    }

    @Test func moreThanTheDecoderMayHaveIsTooLarge() async throws {
        var settings = ServiceSettings()
        settings.inflightBytesMax = 10_000
        let storage = FakeStorage()
        let answer = try await withService(storage, settings: settings) { client in
            try await client.upload(try Fixtures.bytes("images/good/png-rgb-8.png"), name: "n")
        }
        #expect(answer.status == 422)
        #expect(answer.errorCode == "IMAGE_TOO_LARGE")
        #expect(storage.events.isEmpty)
    }

    /// 50,000,000 × 1 pixels of one bit: within every limit of decoding, and nothing that the gallery could show.
    @Test func whatCouldNeverBeShownIsTooLarge() async throws {
        let bytes = try Fixtures.bytes("images/undrawable/png-too-wide.png")
        let storage = FakeStorage()
        let answer = try await withService(storage) { client in try await client.upload(bytes, name: "n") }
        #expect(answer.status == 422)
        #expect(answer.errorCode == "IMAGE_TOO_LARGE")
        #expect(storage.events.isEmpty)
    }
}
