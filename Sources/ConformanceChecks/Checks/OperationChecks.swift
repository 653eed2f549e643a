import JSON

/// The operations that have to be there, and `create_image`, `get_image`, `delete_image` (docs/protocol.md §7).
enum OperationChecks {
    static let all = [
        Check(
            "operations.required",
            "create_image, get_image, update_image and delete_image are there",
            .core,
            ["HUB-OPS-006"]
        ) { check in
            try await areThere(check, "create_image", "get_image", "update_image", "delete_image")
        },
        Check("operations.listing", "list_images is there", .listing, ["HUB-OPS-007"]) { check in
            try await areThere(check, "list_images")
        },
        Check(
            "operations.versions",
            "create_image_version and list_image_versions are there",
            .versions,
            ["HUB-OPS-008"]
        ) { check in
            try await areThere(check, "create_image_version", "list_image_versions")
        },
        Check(
            "operations.unknown",
            "An operation that is not known is answered with UNKNOWN_OPERATION",
            .core,
            ["HUB-OPS-003"]
        ) { check in
            for operation in ["conformance_unknown", "CREATE_IMAGE", "create_image ", "getImage"] {
                try await check.expectRefusal(
                    operation,
                    check.imageData(),
                    "UNKNOWN_OPERATION",
                    "operation.unknown-accepted",
                    "the operation \(operation)"
                )
            }
        },
        Check(
            "create.new-id",
            "Every new image gets an id of its own",
            .core,
            ["HUB-CRE-001", "HUB-CRE-007"],
            company: .alone
        ) {
            check in
            for _ in 0..<3 {
                // The same fields each time: only the operation is another.
                let data = check.imageData(["name": "the same"])
                let record = try await check.succeed("create_image", data)
                _ = try identifier(check, record)
                try await check.setUp { try await check.succeed("create_image", data) }
                try await check.setUp { try await check.succeed("delete_image", check.about(record)) }
                try await check.setUp { try await check.succeed("create_image", data) }
            }
            // All that were made in this run count: which id comes again is the service's choice.
            try check.require(
                !check.run.ledger.hasReusedID,
                "id.reused",
                "a new image has the id that another has or had"
            )
        },
        Check(
            "create.first-record",
            "A new image has version 1 and equal created_at and updated_at",
            .core,
            ["HUB-CRE-002"]
        ) { check in
            let record = try await check.succeed("create_image", check.imageData())
            try check.requireEqual(
                record["version"],
                at: ["data", "version"],
                1,
                "create.version",
                "the version of a new image is not 1"
            )
            try check.require(
                record["metadata"]?["created_at"] == record["metadata"]?["updated_at"],
                "create.times-differ",
                "created_at and updated_at of a new image are not equal",
                expected: record["metadata"]?["created_at"],
                actual: record["metadata"]?["updated_at"]
            )
        },
        Check(
            "create.record",
            "The record of a new image is what was asked for",
            .core,
            ["HUB-VAL-003", "HUB-VAL-001", "HUB-CRE-006"]
        ) {
            check in
            let data = check.imageData(["width": 123, "height": 45, "size": 6789])
            let record = try await check.succeed("create_image", data)
            try check.requireSame(
                ["type", "subtype", "name"] + ContentFields.needed,
                of: record,
                as: data,
                "record.value-changed"
            ) {
                "\($0) of a new image is not what was asked for"
            }
            try check.requireEqual(
                record["metadata"]?["theme"],
                at: ["data", "metadata", "theme"],
                data["theme"] ?? .null,
                "record.value-changed",
                "the theme of a new image is not what was asked for"
            )
        },
        Check("get.missing", "An image that is not there is IMAGE_NOT_FOUND", .core, ["HUB-GET-005", "HUB-OPS-004"]) {
            check in
            let image = try await check.create()
            let spaced = " \(image["id"]?.string ?? "")\n"
            // Any string is an id, also one that no id looks like.
            for id in [check.newID(), "conformance", "", String(repeating: "x", count: 300), "../é\u{0}", spaced] {
                try await check.expectRefusal(
                    "get_image",
                    ["image_id": .string(id)],
                    "IMAGE_NOT_FOUND",
                    "image.unknown-found",
                    id == spaced
                        ? "get_image of the id of an image with white space around it"
                        : "get_image of an id that no image has",
                    isWrong: false
                )
            }
        },
        Check("delete.gone", "After delete_image the image is gone", .core, ["HUB-DEL-001"]) { check in
            let image = try await check.create()
            try await check.succeed("delete_image", check.about(image))
            try await check.expectRefusal(
                "get_image",
                check.about(image),
                "IMAGE_NOT_FOUND",
                "delete.still-there",
                "get_image of a deleted image",
                isWrong: false
            )
            guard check.knows("list_images") else { return }
            let page = try await check.succeed("list_images", ["type": .string(check.type)])
            try check.require(
                page["images"]?.array?.isEmpty == true && page["total"] == 0,
                "delete.still-listed",
                "a deleted image is listed",
                expected: ["images": [], "total": 0],
                actual: page
            )
        },
        Check(
            "delete.missing",
            "delete_image of an image that is not there is IMAGE_NOT_FOUND",
            .core,
            ["HUB-DEL-002"]
        ) { check in
            let image = try await check.create()
            try await check.setUp { try await check.succeed("delete_image", check.about(image)) }
            for gone in [image, check.unknownImage()] {
                try await check.expectRefusal(
                    "delete_image",
                    check.about(gone),
                    "IMAGE_NOT_FOUND",
                    "delete.missing-accepted",
                    "delete_image of an image that is not there",
                    isWrong: false
                )
            }
        },
        Check("delete.reply", "delete_image answers the id of the image", .core, ["HUB-DEL-003"]) { check in
            let image = try await check.create()
            // Its own booking, in case that the reply does not name the image.
            check.run.ledger.deleted(image: image["id"]?.string ?? "")
            let data = try await check.succeed("delete_image", check.about(image))
            try check.requireEqual(
                data["id"],
                at: ["data", "id"],
                image["id"] ?? .null,
                "delete.other-id",
                "delete_image does not answer the id of the image"
            )
        },
    ]

    /// Asks for operations, most of them of an image that is not there: any answer but that they are not known will do.
    private static func areThere(_ check: CheckContext, _ operations: String...) async throws {
        for operation in operations {
            let data: JSONValue =
                switch operation {
                case "create_image": check.imageData()
                case "list_images": ["limit": 1]
                default: check.optionalOperations.first { $0.0 == operation }?.1 ?? check.about(check.unknownImage())
                }
            let reply = try await check.ask(operation, data)
            try check.require(
                reply.code != "UNKNOWN_OPERATION",
                "operation.missing",
                "\(operation) is not known",
                actual: reply.json
            )
        }
    }

    private static func identifier(_ check: CheckContext, _ record: JSONValue) throws -> String {
        guard let id = record["id"]?.string, !id.isEmpty else {
            throw CheckFailure("record.no-id", "the record of a new image has no id", actual: record)
        }
        return id
    }
}

extension CheckContext {
    /// What a service that has not got far may do without as yet, asked of an image that is not there.
    var optionalOperations: [(String, JSONValue)] {
        [
            ("update_image", about(unknownImage(), ["name": "n"])),
            (
                "create_image_version",
                versionData(unknownImage(), of: .string(AssetDigest.ofNothingKnown(newID())))
            ),
            ("list_image_versions", about(unknownImage())),
        ]
    }
}
