import HubProtocol
import JSON
import MessageHub

/// What replies look like and whom they answer (docs/protocol.md §2, Replies, and §3).
enum ReplyChecks {
    static let all = [
        Check(
            "reply.address",
            "The reply comes through the default exchange to the queue in reply_to",
            .core,
            ["HUB-REP-001"]
        ) { check in
            let queue = try await check.replyQueue()
            let reply = try await check.ask(check.anything())
            try check.require(
                reply.delivery.exchange.isEmpty && reply.delivery.routingKey == queue,
                "reply.through-exchange",
                "the reply came through another exchange than the default one"
            )
        },
        Check(
            "reply.without-reply-to",
            "Without reply_to the reply goes to the exchange by storage.response",
            .core,
            ["HUB-REP-002"]
        ) { check in
            // Errors are replies too.
            for var question in [Question("create_image", check.newID(), check.imageData()), check.anything()] {
                question.replyTo = .none
                try await check.post(question)
                let id = question.operationID
                let found = await check.session.unaddressed.take(within: check.run.timeout) {
                    $0.operationID == id || $0.message.correlationID == id
                }
                guard let found else {
                    try Task.checkCancellation()
                    throw CheckFailure(
                        "reply.not-on-exchange",
                        "no reply to a \(question.operation) without reply_to came to the exchange"
                    )
                }
                check.note(found)
                try check.requireEqual(
                    found.json?["operation_id"],
                    at: ["operation_id"],
                    .string(id),
                    "reply.operation-id-changed",
                    "the reply on the exchange has another operation_id"
                )
            }
        },
        Check("reply.content-type", "A reply has content_type application/json", .core, ["HUB-REP-003"]) { check in
            for reply in [
                try await check.ask("create_image", check.imageData()), try await check.ask(check.anything()),
            ] {
                try check.requireText(
                    reply.message.contentType,
                    at: ["properties", "content_type"],
                    Topology.contentType,
                    "reply.content-type",
                    "the content_type of a reply is not application/json"
                )
            }
        },
        Check(
            "reply.properties",
            "A reply has the properties type, app_id and timestamp",
            .core,
            ["HUB-REP-004"]
        ) { check in
            let message = try await check.ask(check.anything()).message
            let missing = [
                ("type", message.type == nil), ("app_id", message.appID == nil),
                ("timestamp", message.timestampSeconds == nil),
            ].filter(\.1).map(\.0)
            try check.require(
                missing.isEmpty,
                "reply.properties-missing",
                "a reply has no \(missing.joined(separator: ", "))"
            )
        },
        Check(
            "reply.success-shape",
            "A success is one JSON object with operation_id, status and an object data",
            .core,
            ["HUB-REP-005", "HUB-REP-006", "HUB-REP-011"]
        ) { check in
            let listing: [(String, JSONValue)] =
                check.knows("list_images") ? [("list_images", ["type": .string(check.type)])] : []
            for (operation, data) in listing + [("create_image", check.imageData(["subtype": "größe – ñ"]))] {
                let reply = try await check.ask(operation, data)
                try envelope(check, reply)
                try check.requireEqual(
                    reply.json?["status"],
                    at: ["status"],
                    "success",
                    "reply.status",
                    "\(operation): other status"
                )
                try check.require(
                    reply.json?["data"]?.object != nil,
                    "reply.no-data",
                    "\(operation): a success without an object data",
                    expected: ["data": [:]],
                    actual: reply.json
                )
            }
        },
        Check(
            "reply.error-shape",
            "An error is one JSON object with operation_id, status and an error of code, message and details",
            .core,
            ["HUB-REP-005", "HUB-REP-007", "HUB-REP-008", "HUB-REP-009", "HUB-REP-011"]
        ) { check in
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            for reply in [
                try await check.ask("get_image", check.about(check.unknownImage())), try await check.ask(wrong),
            ] {
                try envelope(check, reply)
                try check.requireEqual(
                    reply.json?["status"],
                    at: ["status"],
                    "error",
                    "reply.status",
                    "an error with another status"
                )
                let error = reply.json?["error"]
                try check.require(
                    error?["code"]?.string != nil && error?["message"]?.string != nil,
                    "reply.no-error",
                    "an error without an object of the strings code and message",
                    expected: ["error": ["code": "…", "message": "…"]],
                    actual: reply.json
                )
                try check.require(
                    error?["message"]?.string?.isEmpty == false,
                    "reply.empty-message",
                    "the message of an error is empty",
                    expected: ["error": ["message": "…"]],
                    actual: reply.json
                )
                if let details = error?["details"], details != .null {
                    try check.require(
                        details.object != nil,
                        "reply.details-no-object",
                        "the details of an error are no object",
                        expected: [:],
                        actual: details
                    )
                }
            }
        },
        Check("reply.once", "Every request gets exactly one reply", .core, ["HUB-REP-010"]) { check in
            let asked = [
                Question("create_image", check.newID(), check.imageData()),
                Question("list_images", check.newID(), ["limit": 1]),
                Question("get_image", check.newID(), check.about(check.unknownImage())),
            ]
            for question in asked { _ = try await check.ask(question) }
            try await check.expectQuiet("reply.repeated", "a request was answered more than once")
        },
        Check(
            "reply.operation-id",
            "The operation_id of a reply is that of the request, character for character",
            .core,
            ["HUB-COR-001"]
        ) { check in
            for id in [check.newID(), check.newID().uppercased(), " \(check.newID()) É e\u{301} \"'<&>\\ "] {
                let reply = try await check.ask("create_image", check.imageData(), id: id)
                try check.requireEqual(
                    reply.json?["operation_id"],
                    at: ["operation_id"],
                    .string(id),
                    "reply.operation-id-changed",
                    "the reply to create_image has another operation_id than the request"
                )
                // An error as well; under another id, because one id is for one request.
                let other = String(id.dropLast()) + "!"
                let refused = try await check.ask("get_image", check.about(check.unknownImage()), id: other)
                try check.requireEqual(
                    refused.json?["operation_id"],
                    at: ["operation_id"],
                    .string(other),
                    "reply.operation-id-changed",
                    "the reply to get_image has another operation_id than the request"
                )
            }
        },
        Check(
            "reply.correlation-id",
            "The correlation_id of a reply is that of the request, character for character",
            .core,
            ["HUB-COR-002"]
        ) { check in
            for correlationID in [nil, "Conformance-\(check.newID()) É", check.newID().uppercased()] {
                // Errors are replies too.
                for var question in [Question("create_image", check.newID(), check.imageData()), check.anything()] {
                    if let correlationID { question.correlationID = correlationID }
                    let reply = try await check.ask(question)
                    try check.requireText(
                        reply.message.correlationID,
                        at: ["properties", "correlation_id"],
                        question.correlationID ?? "",
                        "reply.correlation-id-changed",
                        "the reply to \(question.operation) has another correlation_id than the request"
                    )
                }
            }
        },
        Check(
            "reply.correlation-id-absent",
            "Where the request has no correlation_id, the reply's is the operation id",
            .core,
            ["HUB-COR-003"]
        ) { check in
            var question = check.anything()
            question.correlationID = nil
            let reply = try await check.ask(question)
            try check.requireText(
                reply.message.correlationID,
                at: ["properties", "correlation_id"],
                question.operationID,
                "reply.correlation-id-not-operation-id",
                "without a correlation_id in the request, the reply's is not the operation id"
            )
        },
        Check(
            "reply.data",
            "The data of a success has what the operation's row of the table names",
            .core,
            ["HUB-REP-012"]
        ) { check in
            if check.knows("list_images") {
                let page = try await check.succeed("list_images", ["type": .string(check.type), "limit": 1])
                try check.require(
                    page["images"]?.array != nil && page["total"]?.integer != nil,
                    "reply.data-incomplete",
                    "the data of list_images has no array images or no number total",
                    expected: ["images": [], "total": 0],
                    actual: page
                )
            }
            let record = try await check.succeed("create_image", check.imageData())
            try check.require(
                record["id"]?.string != nil,
                "reply.data-incomplete",
                "the data of create_image has no id",
                actual: record
            )
            let deleted = try await check.succeed("delete_image", check.about(record))
            try check.require(
                deleted["id"]?.string != nil,
                "reply.data-incomplete",
                "the data of delete_image has no id",
                actual: deleted
            )
        },
    ]

    private static func envelope(_ check: CheckContext, _ reply: Received) throws {
        try check.require(
            reply.json?.object != nil,
            "reply.unreadable",
            "the body of a reply is no JSON object in UTF-8"
        )
        for key in ["operation_id", "status"] {
            try check.require(
                reply.json?[key]?.string != nil,
                "reply.incomplete",
                "a reply has no \(key)",
                expected: .object([key: "…"]),
                actual: reply.json
            )
        }
    }
}

extension CheckContext {
    /// Fails where anything comes that nobody asked for: a barrier first, then a short quiet time.
    func expectQuiet(_ reason: String, _ message: String) async throws {
        try await setUp { try await barrier() }
        try await run.time.sleep(for: run.quiet)
        try require(inbox.untaken.isEmpty, reason, message)
    }
}
