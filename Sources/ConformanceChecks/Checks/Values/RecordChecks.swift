import HubProtocol
import JSON

/// What a record has (docs/protocol.md §5, §6).
enum RecordChecks {
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
            let metadata: [String: JSONValue] = [
                "name": .string(" \(check.unique("nämé")) e\u{301} \u{1F3A8} \"\\/<&> "), "subtype": " Ünïcode\u{A0}ﬁ ",
                "theme": "ΤΈΜΑ \u{1100}\u{1161}",
            ]
            let content: [String: JSONValue] = ["format": "PNG", "url": "HTTP://Example.COM/%7Ea/../b/?q=%20#%C3%9C/"]
            let texts = metadata.merging(content) { $1 }
            let image = try await keeps(check, texts, "create_image", check.imageData(texts))
            if check.knows("update_image") {
                let other = try await check.create()
                try await keeps(check, metadata, "update_image", check.about(other, metadata))
            }
            guard check.mayAddVersions else { return }
            let version = try await check.versionData(image, content)
            try await keeps(check, content, "create_image_version", version)
            // An image that names an asset has the url of its request all the same.
            let asset: [String: JSONValue] = ["sha256": version["sha256"] ?? .null, "size": version["size"] ?? .null]
            let data = check.imageData(texts.merging(asset) { $1 })
            try await keeps(check, texts, "create_image with sha256", data)
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
    ]

    /// Asks for something with these texts, and fails where the record, or what is read of it, has others.
    /// - Parameter what: the operation, and more words about it.
    @discardableResult
    private static func keeps(
        _ check: CheckContext,
        _ texts: [String: JSONValue],
        _ what: String,
        _ data: JSONValue
    ) async throws -> JSONValue {
        let operation = String(what.prefix { $0 != " " })
        let written = try check.success(try await check.ask(operation, data), what)
        let read = try await check.succeed("get_image", check.about(written))
        for (what, record) in [(what, written), ("get_image after \(what)", read)] {
            for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
                try check.requireEqual(
                    key == "theme" ? record["metadata"]?[key] : record[key],
                    at: key == "theme" ? ["data", "metadata", key] : ["data", key],
                    value,
                    "record.text-changed",
                    "\(what): \(key) was not kept verbatim"
                )
            }
        }
        return written
    }

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
