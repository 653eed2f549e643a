import HubProtocol
import JSON

/// The record and the rules for its fields (docs/protocol.md §5, §6).
enum ValueChecks {
    /// `count` characters outside the first plane: one scalar each, two UTF-16 units, four bytes.
    private static func emoji(_ count: Int) -> String { String(repeating: "\u{1F3A8}", count: count) }

    static let all = [
        Check(
            "values.timestamps",
            "Timestamps are UTC with three decimals and Z",
            .core,
            ["HUB-TIM-001"]
        ) { check in
            let record = try await check.succeed("create_image", check.imageData())
            for key in ["created_at", "updated_at"] {
                let value = record["metadata"]?[key]
                try check.require(
                    value?.string.flatMap { Timestamp($0) } != nil,
                    "timestamp.form",
                    "\(key) is no UTC time with three decimals and Z",
                    expected: "2026-01-02T03:04:05.678Z",
                    actual: value
                )
            }
        },
        Check("record.complete", "A record has every field", .core, ["HUB-VAL-001"]) { check in
            let created = try await check.succeed("create_image", check.imageData())
            let read = try await check.succeed("get_image", check.about(created))
            for (what, record) in [("create_image", created), ("get_image", read)] { try complete(check, record, what) }
            guard check.knows("list_images") else { return }
            let page = try await check.succeed("list_images", ["type": .string(check.type)])
            guard let listed = page["images"]?.array?.first else {
                throw Obstacle(
                    "setup.failed",
                    "what the check stands on failed: list_images does not list the new image"
                )
            }
            try complete(check, listed, "list_images")
        },
        Check(
            "record.sha256-null",
            "Without sha256 in the request, the record's is null",
            .core,
            ["HUB-VAL-002", "HUB-CRE-005"]
        ) { check in
            let record = try check.success(
                try await check.ask("create_image", check.imageData()),
                "create_image without sha256"
            )
            try check.require(
                record["sha256"] == JSONValue.null,
                "record.sha256-not-null",
                "the sha256 of a record whose request gave none is not null",
                expected: ["sha256": nil],
                actual: record
            )
        },
        Check("record.verbatim", "Texts, url and format are kept verbatim", .core, ["HUB-VAL-003"]) { check in
            let texts: [String: JSONValue] = [
                "name": .string(" \(check.unique("nämé")) e\u{301} \u{1F3A8} \"\\/<&> "), "subtype": " Ünïcode\u{A0}ﬁ ",
                "theme": "ΤΈΜΑ \u{1100}\u{1161}", "format": "PNG", "url": "HTTP://Example.COM/%7Ea/../b?q=%20#%C3%9C",
            ]
            let created = try await check.succeed("create_image", check.imageData(texts))
            let read = try await check.succeed("get_image", check.about(created))
            for (what, record) in [("create_image", created), ("get_image", read)] {
                for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
                    try check.requireEqual(
                        key == "theme" ? record["metadata"]?[key] : record[key],
                        value,
                        "record.text-changed",
                        "\(what): \(key) was not kept verbatim"
                    )
                }
            }
            guard check.knows("update_image") else { return }
            let metadata = texts.filter { !["format", "url"].contains($0.key) }
            let image = try await check.create()
            let updated = try await check.succeed("update_image", check.about(image, metadata))
            let again = try await check.succeed("get_image", check.about(image))
            for (what, record) in [("update_image", updated), ("get_image after it", again)] {
                for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
                    try check.requireEqual(
                        key == "theme" ? record["metadata"]?[key] : record[key],
                        at: key == "theme" ? ["data", "metadata", key] : ["data", key],
                        value,
                        "record.text-changed",
                        "\(what): \(key) was not kept verbatim"
                    )
                }
            }
        },
        Check(
            "values.length-accepted",
            "name, type, subtype and theme of 1 to 255 Unicode scalars are accepted",
            .core,
            ["HUB-VAL-004", "HUB-VAL-005"]
        ) { check in
            let prefix = check.type + "-"
            // Images of a type of their own: the ledger has to know it.
            let longType = prefix + String(repeating: "t", count: 255 - prefix.unicodeScalars.count)
            check.run.ledger.used(type: longType)
            let cases: [(String, [String: JSONValue])] = [
                ("a name of 1 character", ["name": "n"]), ("a theme of 1 character", ["theme": "t"]),
                ("a subtype of 1 character", ["subtype": "s"]),
                ("a name of 255 characters outside the first plane", ["name": .string(emoji(255))]),
                (
                    "a theme of 255 combining scalars",
                    ["theme": .string("e" + String(repeating: "\u{301}", count: 254))]
                ),
                ("a subtype of 255 characters", ["subtype": .string(String(repeating: "é", count: 255))]),
                ("a type of 255 characters", ["type": .string(longType)]),
            ]
            for (what, changes) in cases {
                let reply = try await check.ask("create_image", check.imageData(changes))
                try check.notRefused(reply, "text.length-refused", what)
                try check.success(reply, what)
            }
        },
        Check(
            "values.length-refused",
            "Longer or empty texts are refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-006", "HUB-VAL-004"]
        ) { check in
            for key in ["name", "type", "subtype", "theme"] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: ""]),
                    "VALIDATION_ERROR",
                    "text.empty-accepted",
                    "an empty \(key)"
                )
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: .string(emoji(256))]),
                    "VALIDATION_ERROR",
                    "text.long-accepted",
                    "a \(key) of 256 characters"
                )
            }
        },
        Check(
            "values.required",
            "A missing required field is refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-007"]
        ) { check in
            for key in ["type", "subtype", "name", "url", "format", "width", "height", "size", "theme"] {
                guard case .object(var data) = check.imageData() else { continue }
                data[key] = nil
                try await check.expectRefusal(
                    "create_image",
                    .object(data),
                    "VALIDATION_ERROR",
                    "field.missing-accepted",
                    "create_image without \(key)"
                )
            }
            for operation in ["get_image", "delete_image"] {
                try await check.expectRefusal(
                    operation,
                    [:],
                    "VALIDATION_ERROR",
                    "field.missing-accepted",
                    "\(operation) without image_id"
                )
            }
        },
        Check(
            "values.types",
            "A field of the wrong JSON type is refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-007"]
        ) { check in
            let wrong: [(String, JSONValue)] = [
                ("name", 5), ("type", true), ("subtype", ["a"]), ("theme", ["a": 1]), ("url", 7), ("format", false),
                ("width", "4"), ("height", "3"), ("size", "100"), ("sha256", 9),
            ]
            for (key, value) in wrong {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: value]),
                    "VALIDATION_ERROR",
                    "field.wrong-type-accepted",
                    "create_image whose \(key) is of the wrong type (\(value.kind))"
                )
            }
            try await check.expectRefusal(
                "get_image",
                ["image_id": 5],
                "VALIDATION_ERROR",
                "field.wrong-type-accepted",
                "get_image whose image_id is a number"
            )
        },
        Check("values.sides", "width and height are whole numbers of at least 1", .core, ["HUB-VAL-008"]) { check in
            for key in ["width", "height"] {
                for value: JSONValue in [0, -1, 1.5] {
                    try await check.expectRefusal(
                        "create_image",
                        check.imageData([key: value]),
                        "VALIDATION_ERROR",
                        "side.wrong-accepted",
                        "a \(key) that is no whole number of at least 1"
                    )
                }
            }
            try check.success(
                try await check.ask("create_image", check.imageData(["width": 1, "height": 1_000_000])),
                "create_image with sides of 1 and 1000000"
            )
        },
        Check("values.url", "Any URI reference is taken as url", .core, ["HUB-VAL-009"]) { check in
            for url in ["/a/b.png", "c.png?x=1", "../d", "#e", "https://example.com/f", "urn:example:g", "//host/h"] {
                let reply = try await check.ask("create_image", check.imageData(["url": .string(url)]))
                try check.notRefused(reply, "url.refused", "the url \(url)")
                try check.success(reply, "create_image")
            }
        },
        Check("values.sha256", "A sha256 is 64 lower-case hex digits", .core, ["HUB-VAL-010"]) { check in
            let digits = String(repeating: "0a", count: 32)
            for value in [
                digits.uppercased(), String(digits.dropLast()), digits + "0", "", String(repeating: "g", count: 64),
            ] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData(["sha256": .string(value)]),
                    "VALIDATION_ERROR",
                    "sha256.wrong-accepted",
                    "a sha256 that is not 64 lower-case hex digits"
                )
            }
        },
        Check(
            "values.control-characters",
            "Texts with control characters, or of white space only, are refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-011"]
        ) { check in
            for key in ["name", "type", "subtype", "theme"] {
                for text in ["a\u{0}b", "a\nb", "\u{7F}", "\u{85}x", "   ", "\u{3000}\u{2003}"] {
                    try await check.expectRefusal(
                        "create_image",
                        check.imageData([key: .string(text)]),
                        "VALIDATION_ERROR",
                        "text.control-accepted",
                        "a \(key) with a control character, or of white space only"
                    )
                }
            }
            guard check.knows("update_image") else { return }
            let image = try await check.create()
            for key in ["name", "type", "subtype", "theme"] {
                for text in [" a\u{7}b ", "\u{9F}", "\u{2003} "] {
                    try await check.expectRefusal(
                        "update_image",
                        check.about(image, [key: .string(text)]),
                        "VALIDATION_ERROR",
                        "text.control-accepted",
                        "update_image: a \(key) with a control character, or of white space only"
                    )
                }
            }
        },
        Check("values.size", "size is a whole number of at least 0", .core, ["HUB-VAL-012"]) { check in
            for value: JSONValue in [-1, 0.5] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData(["size": value]),
                    "VALIDATION_ERROR",
                    "size.wrong-accepted",
                    "a size that is no whole number of at least 0"
                )
            }
            try check.success(
                try await check.ask("create_image", check.imageData(["size": 0])),
                "create_image with a size of 0"
            )
        },
        Check(
            "values.whole-numbers",
            "A number whose value is whole is a whole number, however it is spelled",
            .core,
            ["HUB-VAL-013"]
        ) { check in
            for spelling in ["512.0", "5.12e2", "512.000", "51200E-2"] {
                let data = check.imageData(["width": "WIDTH"])
                var question = Question("create_image", check.newID(), data)
                let text = String(decoding: question.bytes, as: UTF8.self)
                question.body = Array(text.replacing("\"WIDTH\"", with: spelling).utf8)
                let reply = try await check.ask(question)
                try check.notRefused(reply, "number.spelling-refused", "a width of \(spelling)")
                let record = try check.success(reply, "create_image")
                try check.requireEqual(
                    record["width"],
                    at: ["data", "width"],
                    512,
                    "number.changed",
                    "a width of \(spelling) became another"
                )
            }
            let image = try await check.create()
            var others = [("get_image", check.about(image, ["version": "NUMBER"]), "1.0")]
            if check.knows("list_images") {
                let type = JSONValue.string(check.type)
                others.append(("list_images", ["type": type, "limit": "NUMBER"], "1.0"))
                others.append(("list_images", ["type": type, "skip": "NUMBER"], "0.0"))
            }
            if check.mayAddVersions {
                let data = try await check.versionData(image, ["expected_version": "NUMBER"])
                others.append(("create_image_version", data, "1e0"))
            }
            for (operation, data, spelling) in others {
                var question = Question(operation, check.newID(), data)
                let text = String(decoding: question.bytes, as: UTF8.self)
                question.body = Array(text.replacing("\"NUMBER\"", with: spelling).utf8)
                let reply = try await check.ask(question)
                try check.notRefused(reply, "number.spelling-refused", "\(operation) with \(spelling)")
                try check.success(reply, operation)
            }
        },
        Check(
            "values.large-numbers",
            "Whole numbers up to 9007199254740991 are kept exactly",
            .core,
            ["HUB-VAL-014"]
        ) { check in
            for number: Int64 in [2_147_483_648, 4_294_967_297, 9_007_199_254_740_991] {
                let reply = try await check.ask("create_image", check.imageData(["size": .integer(number)]))
                let created = try check.success(reply, "create_image with a size of \(number)")
                let read = try await check.succeed("get_image", check.about(created))
                for record in [created, read] {
                    try check.requireEqual(
                        record["size"],
                        at: ["data", "size"],
                        .integer(number),
                        "number.changed",
                        "a size of \(number) was not kept exactly"
                    )
                }
            }
        },
        Check("values.id", "The id of an image is a UUID in lower case", .core, ["HUB-VAL-015"]) { check in
            let record = try await check.succeed("create_image", check.imageData())
            let id = record["id"]?.string ?? ""
            let groups = id.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
            let isHex = id.utf8.allSatisfy { "0123456789abcdef-".utf8.contains($0) }
            try check.require(
                groups == [8, 4, 4, 4, 12] && isHex,
                "id.no-uuid",
                "the id of an image is no UUID in lower case",
                expected: "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                actual: .string(id)
            )
        },
        Check(
            "values.url-length",
            "A url of 2048 and a format of 32 characters are accepted, longer and empty ones refused",
            .core,
            ["HUB-VAL-017", "HUB-VAL-018"]
        ) { check in
            let longest = "/" + String(repeating: "u", count: 2047)
            try check.success(
                try await check.ask("create_image", check.imageData(["url": .string(longest)])),
                "create_image with a url of 2048 characters"
            )
            try check.success(
                try await check.ask(
                    "create_image",
                    check.imageData(["format": .string(String(repeating: "f", count: 32))])
                ),
                "create_image with a format of 32 characters"
            )
            for (key, value) in [
                ("url", longest + "u"), ("url", ""), ("format", String(repeating: "f", count: 33)), ("format", ""),
            ] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: .string(value)]),
                    "VALIDATION_ERROR",
                    "text.length-accepted",
                    "a \(key) that is empty or too long"
                )
            }
        },
    ]

    static func complete(_ check: CheckContext, _ record: JSONValue, _ what: String) throws {
        for key in [
            "id", "type", "subtype", "name", "url", "format", "width", "height", "size", "sha256", "version",
            "metadata",
        ] {
            try check.require(
                record[key] != nil,
                "record.field-missing",
                "the record of \(what) has no \(key)",
                expected: .object([key: "…"]),
                actual: record
            )
        }
        for key in ["theme", "created_at", "updated_at"] {
            try check.require(
                record["metadata"]?[key] != nil,
                "record.field-missing",
                "the record of \(what) has no metadata.\(key)",
                expected: ["metadata": .object([key: "…"])],
                actual: record
            )
        }
        do throws(InvalidFields) {
            _ = try ImageRecord(record)
        } catch {
            throw CheckFailure("record.invalid", "the record of \(what): \(error)", actual: record)
        }
    }
}
