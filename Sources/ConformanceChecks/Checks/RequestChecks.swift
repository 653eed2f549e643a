import HubProtocol
import JSON

/// What requests may look like (docs/protocol.md §2, Requests).
enum RequestChecks {
    static let all = [
        Check(
            "request.bare",
            "A request that has no property but reply_to is answered",
            .core,
            ["HUB-REQ-011"]
        ) { check in
            var question = Question("create_image", check.newID(), check.imageData())
            question.isBare = true
            question.correlationID = nil
            try check.success(try await check.ask(question), "a request without properties")
        },
        Check(
            "request.unknown-headers",
            "Headers that the service does not know change nothing",
            .core,
            ["HUB-REQ-012"]
        ) { check in
            var question = Question("create_image", check.newID(), check.imageData())
            question.headers = [
                "x-conformance": .string("unknown"), "operation": .string("delete_image"), "x-number": .integer(-1),
                "x-flag": .bool(true),
                "traceparent": .string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ]
            try check.success(try await check.ask(question), "a request with unknown headers")
        },
        Check(
            "request.unknown-fields",
            "Fields that the service does not know change nothing, in the envelope and in data",
            .core,
            ["HUB-REQ-024"]
        ) { check in
            let data = check.imageData(["x_conformance": ["nested": [1, 2]], "id": "mine", "version": 7])
            var question = Question("create_image", check.newID(), data)
            question.envelope = ["x_conformance": true, "status": "success", "priority": 9]
            let record = try check.success(try await check.ask(question), "a request with unknown fields")
            try check.requireEqual(
                record["version"],
                at: ["data", "version"],
                1,
                "fields.unknown-used",
                "an unknown field was used"
            )
            try check.require(record["id"] != "mine", "fields.unknown-used", "an unknown field was used")
        },
        Check("request.null-is-absent", "null is the same as an absent field", .core, ["HUB-REQ-025"]) { check in
            let theme = JSONValue.string(check.unique("theme"))
            let created = try check.success(
                try await check.ask("create_image", check.imageData(["sha256": nil, "theme": theme])),
                "create_image with sha256 null"
            )
            try check.success(
                try await check.ask("get_image", check.about(created, ["version": nil])),
                "get_image with version null"
            )
            if check.knows("list_images") {
                for (data, what): (JSONValue, String) in [
                    (["type": .string(check.type), "theme": nil, "skip": nil, "limit": nil], "theme, skip and limit"),
                    (["type": nil, "theme": theme], "type"),
                ] {
                    let page = try check.success(
                        try await check.ask("list_images", data),
                        "list_images with \(what) null"
                    )
                    try check.requireEqual(
                        page["total"],
                        at: ["data", "total"],
                        1,
                        "null.used-as-value",
                        "list_images took null for a value: \(what)"
                    )
                }
            }
            try await others(check, created)
            var missing = Question("create_image", check.newID(), check.imageData(["name": nil]))
            missing.isWrong = true
            try check.refused(
                try await check.ask(missing),
                "VALIDATION_ERROR",
                "null.accepted-as-value",
                "create_image with name null"
            )
        },
        Check("request.id-case", "Operation ids are compared exactly", .core, ["HUB-REQ-022"]) { check in
            let id = check.newID() + "-aé"
            let first = try check.success(
                try await check.ask("create_image", check.imageData(), id: id),
                "the first create_image"
            )
            // Another operation, for all that upper case, the composition of é and white space around it tell.
            for other in [id.uppercased(), String(id.dropLast()) + "e\u{301}", id + " ", " " + id, id + "\n"] {
                let reply = try await check.ask("create_image", check.imageData(), id: other)
                try check.notRefused(
                    reply,
                    with: "OPERATION_CONFLICT",
                    "ids.folded",
                    "an operation id that differs in case, composition or white space was taken for the same"
                )
                let record = try check.success(reply, "a create_image under another id")
                try check.require(
                    record["id"] != first["id"],
                    "ids.folded",
                    "an operation id that differs in case, composition or white space was taken for the same"
                )
            }
        },
        Check(
            "request.id-length",
            "An operation id may be any string of 1 to 255 characters",
            .core,
            ["HUB-REQ-021"]
        ) { check in
            let long = check.newID() + " / # " + String(repeating: "x", count: 255 - 36 - 5)
            let reply = try await check.ask("create_image", check.imageData(), id: long)
            try check.success(reply, "a request with an operation id of 255 characters")
            try check.requireEqual(
                reply.json?["operation_id"],
                at: ["operation_id"],
                .string(long),
                "reply.operation-id-changed",
                "a long operation id came back changed"
            )
            // As many characters have more bytes than a correlation_id holds: the reply has it in the body alone.
            var wide = Question("get_image", "", check.about(check.unknownImage()))
            wide.operationID = check.newID() + String(repeating: "ä", count: 255 - 36)
            wide.correlationID = nil
            try check.refused(
                try await check.ask(wide),
                "IMAGE_NOT_FOUND",
                "image.unknown-found",
                "a request of an unknown image, with an operation id of 255 characters and 474 bytes"
            )
        },
        Check(
            "request.id-refused",
            "An operation id that is empty, too long or no string is refused",
            .core,
            ["HUB-REQ-021", "HUB-ACK-006"]
        ) { check in
            for id: JSONValue in ["", .string(check.newID() + String(repeating: "x", count: 220)), 7, nil] {
                var question = check.anything()
                question.envelope = ["operation_id": id]
                question.isWrong = true
                try check.refused(
                    try await check.ask(question),
                    "VALIDATION_ERROR",
                    "ids.wrong-accepted",
                    "an operation_id that is no string of 1 to 255 characters"
                )
            }
        },
        Check(
            "request.no-data",
            "An absent data is an empty object",
            .core,
            ["HUB-REQ-026", "HUB-REQ-025"],
            // The only operation that needs no field.
            needs: [.operation("list_images")]
        ) { check in
            for data: [String: JSONValue] in [[:], ["data": nil]] {
                var question = Question("list_images", check.newID(), [:])
                let members: [String: JSONValue] = [
                    "operation": "list_images", "operation_id": .string(question.operationID),
                ]
                question.body = JSONValue.object(members.merging(data) { $1 }).encoded()
                let reply = try await check.ask(question)
                try check.notRefused(reply, "data.absent-refused", "list_images without data")
                try check.success(reply, "list_images without data")
            }
        },
        Check(
            "request.large",
            "A request of nearly 1 MiB is accepted",
            .core,
            ["HUB-LIM-002"],
            isHeavy: true
        ) { check in
            let filler = String(repeating: "x", count: 1_047_000)
            var question = Question("create_image", check.newID(), check.imageData())
            question.envelope = ["x_conformance": .string(filler)]
            try check.success(try await check.ask(question), "a request of nearly 1 MiB")
        },
    ]

    /// `null` in the place of the fields that the optional operations can do without.
    private static func others(_ check: CheckContext, _ image: JSONValue) async throws {
        var questions: [Question] = []
        if check.knows("update_image") {
            let fields: [String: JSONValue] = ["name": "renamed", "type": nil, "subtype": nil, "theme": nil]
            questions.append(Question("update_image", check.newID(), check.about(image, fields)))
        }
        if check.mayAddVersions {
            let data = try await check.versionData(image, ["expected_version": nil])
            questions.append(Question("create_image_version", check.newID(), data))
        }
        if check.knows("list_image_versions") {
            let data = check.about(image, ["skip": nil, "limit": nil])
            questions.append(Question("list_image_versions", check.newID(), data))
        }
        for question in questions {
            let reply = try await check.ask(question)
            try check.notRefused(reply, "null.used-as-value", "\(question.operation) with null in optional fields")
            let data = try check.success(reply, "\(question.operation) with null in optional fields")
            guard question.operation == "update_image" else { continue }
            try check.requireSame(["type", "subtype"], of: data, as: image, "null.used-as-value") {
                "update_image took null for a \($0)"
            }
            try check.requireEqual(
                data["metadata"]?["theme"],
                at: ["data", "metadata", "theme"],
                image["metadata"]?["theme"] ?? .null,
                "null.used-as-value",
                "update_image took null for a theme"
            )
        }
    }
}
