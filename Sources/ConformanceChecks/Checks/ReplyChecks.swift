import JSON

/// What replies look like and whom they answer (docs/protocol.md §2, Replies, and §3).
///
/// Those that a `ReplyRule` belongs to only ask: the rule is held to what they and all other checks are answered.
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
                check.hold(question, found)
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
            try await askForSuccessAndError(check)
        },
        Check(
            "reply.properties",
            "A reply has the properties type, app_id and timestamp",
            .core,
            ["HUB-REP-004"]
        ) { check in
            try await askForSuccessAndError(check)
        },
        Check(
            "reply.success-shape",
            "A success is one JSON object with operation_id, status and an object data",
            .core,
            ["HUB-REP-005", "HUB-REP-006", "HUB-REP-011"]
        ) { check in
            if check.knows("list_images") { _ = try await check.ask("list_images", ["type": .string(check.type)]) }
            let reply = try await check.ask("create_image", check.imageData(["subtype": "größe – ñ"]))
            try check.requireEqual(
                reply.json?["status"],
                at: ["status"],
                "success",
                "reply.status",
                "the status of the reply to create_image is not success"
            )
        },
        Check(
            "reply.error-shape",
            "An error is one JSON object with operation_id, status and an error of code, message and details",
            .core,
            ["HUB-REP-005", "HUB-REP-007", "HUB-REP-008", "HUB-REP-009", "HUB-REP-011"]
        ) { check in
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            for question in [check.anything(), wrong] {
                let reply = try await check.ask(question)
                try check.requireEqual(
                    reply.json?["status"],
                    at: ["status"],
                    "error",
                    "reply.status",
                    "an error with another status"
                )
                try check.require(
                    reply.json?["error"]?.object != nil,
                    "reply.no-error",
                    "an error without an object error",
                    expected: ["error": ["code": "…", "message": "…"]],
                    actual: reply.json
                )
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
                _ = try await check.ask("create_image", check.imageData(), id: id)
                // A conflict, and an error under another id.
                _ = try await check.ask("create_image", check.imageData(), id: id)
                _ = try await check.ask(check.anything(id: String(id.dropLast()) + "!"))
            }
        },
        Check(
            "reply.correlation-id",
            "The correlation_id of a reply is that of the request, character for character",
            .core,
            ["HUB-COR-002"]
        ) { check in
            for correlationID in [nil, "Conformance-\(check.newID()) É", "  \(check.newID().uppercased()) e\u{301} "] {
                // Errors are replies too, and so is what a request gets that comes again.
                let first = Question("create_image", check.newID(), check.imageData())
                for var question in [first, first, check.anything()] {
                    if let correlationID { question.correlationID = correlationID + "\(check.newID()) " }
                    _ = try await check.ask(question)
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
            _ = try await check.ask(question)
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

    private static func askForSuccessAndError(_ check: CheckContext) async throws {
        _ = try await check.ask("create_image", check.imageData())
        _ = try await check.ask(check.anything())
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
