import JSON

/// The same operation again (docs/protocol.md §8).
enum IdempotenceChecks {
    static let all = [
        Check(
            "idempotence.same-reply",
            "The same operation again gets the same reply",
            .core,
            ["HUB-IDM-001", "HUB-ACK-003"]
        ) { check in
            let image = try await check.create()
            for (operation, data) in [("create_image", check.imageData()), ("delete_image", check.about(image))] {
                try await twice(check, operation, data)
            }
        },
        Check(
            "idempotence.no-second-effect",
            "The same operation again has no second effect",
            .core,
            ["HUB-IDM-001"]
        ) { check in
            let data = check.imageData()
            let id = check.newID()
            var ids: Set<String> = []
            for _ in 0..<3 {
                let record = try check.success(try await check.ask("create_image", data, id: id), "create_image again")
                ids.insert(record["id"]?.string ?? "")
            }
            guard check.knows("list_images") else {
                // Without a list, what was answered tells.
                return try check.require(
                    ids.count == 1,
                    "operation.repeated-effect",
                    "a repeated create_image made another image"
                )
            }
            let page = try await check.setUp {
                try await check.succeed("list_images", ["type": .string(check.type)])
            }
            try check.requireEqual(
                page["total"],
                at: ["data", "total"],
                1,
                "operation.repeated-effect",
                "a repeated create_image made another image"
            )
        },
        Check(
            "idempotence.after-later-changes",
            "The same operation again gets its own reply, whatever has come since",
            .core,
            ["HUB-IDM-001", "HUB-IDM-013"]
        ) { check in
            let data = check.imageData()
            let id = check.newID()
            let first = try await check.ask("create_image", data, id: id)
            let record = try check.success(first, "create_image")
            try await check.setUp { try await check.succeed("delete_image", check.about(record)) }
            let again = try await check.ask("create_image", data, id: id)
            try check.requireEqual(
                again.json,
                first.json ?? .null,
                "operation.other-reply",
                "after the image was deleted, the same create_image gets another reply"
            )
        },
        Check(
            "idempotence.updates",
            "The same update_image again gets the same reply and has no second effect",
            .core,
            ["HUB-IDM-001"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.create()
            let data = check.about(image, ["name": "once"])
            let id = check.newID()
            let first = try await check.ask("update_image", data, id: id)
            try check.success(first, "update_image")
            try await check.setUp {
                try await check.succeed("update_image", check.about(image, ["name": "later"]))
            }
            let again = try await check.ask("update_image", data, id: id)
            try check.requireEqual(
                again.json,
                first.json ?? .null,
                "operation.other-reply",
                "the same update_image gets another reply"
            )
            let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
            try check.requireEqual(
                read["name"],
                at: ["data", "name"],
                "later",
                "operation.repeated-effect",
                "a repeated update_image was carried out again"
            )
        },
        Check(
            "idempotence.errors",
            "An error is remembered as a success is",
            .core,
            ["HUB-IDM-002"]
        ) { check in
            let operation = check.newID()
            var wrong = Question("create_image", operation, check.imageData(["width": 0]))
            wrong.isWrong = true
            let first = try await check.ask(wrong)
            try check.refused(first, "VALIDATION_ERROR", "side.wrong-accepted", "a width of 0")
            try await check.requireSameReply(
                to: wrong,
                as: first,
                "operation.other-reply",
                "the same refused operation gets another reply"
            )
            // The operation is the first one, also where what comes now would be right.
            let right = try await check.ask("create_image", check.imageData(), id: operation)
            try check.refused(
                right,
                "OPERATION_CONFLICT",
                "operation.error-forgotten",
                "the operation id of a refused operation with another payload"
            )
            try await othersAreRemembered(check)
        },
        Check(
            "idempotence.conflict",
            "The same operation id with another payload is OPERATION_CONFLICT",
            .core,
            ["HUB-IDM-003"]
        ) { check in
            let data = check.imageData(["width": 1])
            let id = check.newID()
            let image = try await check.setUp { try await check.succeed("create_image", data, id: id) }
            let others: [(String, String, JSONValue)] = [
                ("another name", "create_image", data.with("name", .string(check.unique("other")))),
                ("another width", "create_image", data.with("width", 5)),
                ("a width of true in the place of 1", "create_image", data.with("width", true)),
                ("another operation", "delete_image", check.about(image)),
            ]
            for (what, operation, other) in others {
                var question = Question(operation, id, other)
                question.isWrong = other["width"] == true
                let reply = try await check.ask(question)
                try check.refused(
                    reply,
                    "OPERATION_CONFLICT",
                    "operation.conflict-accepted",
                    "the same operation id with \(what)"
                )
            }
            try check.success(
                try await check.ask("get_image", check.about(image)),
                "get_image after a conflict"
            )
            // Data alone is not the payload: another operation with the very same data is another.
            let deletion = check.newID()
            try await check.setUp { try await check.succeed("delete_image", check.about(image), id: deletion) }
            try check.refused(
                try await check.ask("get_image", check.about(image), id: deletion),
                "OPERATION_CONFLICT",
                "operation.conflict-accepted",
                "the same operation id with another operation and the same data"
            )
        },
        Check(
            "idempotence.conflict-keeps-reply",
            "After an OPERATION_CONFLICT the operation still has its own reply",
            .core,
            ["HUB-IDM-011"]
        ) { check in
            let question = Question("create_image", check.newID(), check.imageData())
            let first = try await check.ask(question)
            try check.success(first, "create_image")
            let other = try await check.ask("create_image", check.imageData(), id: question.operationID)
            try await check.setUp { try check.refused(other, "OPERATION_CONFLICT", "accepted", "another payload") }
            try await check.requireSameReply(
                to: question,
                as: first,
                "operation.other-reply",
                "after an OPERATION_CONFLICT the same operation gets another reply"
            )
        },
        Check(
            "idempotence.key-order",
            "The order of keys and white space do not make another payload",
            .core,
            ["HUB-IDM-004"]
        ) { check in
            let data = check.imageData()
            var question = Question("create_image", check.newID(), data)
            let first = try await check.ask(question)
            try check.success(first, "create_image")
            question.body = JSONText.reversed(
                ["operation": "create_image", "operation_id": .string(question.operationID), "data": data]
            )
            let again = try await check.ask(question)
            try check.require(
                again.code != "OPERATION_CONFLICT",
                "operation.order-counts",
                "another order of keys was taken for another payload",
                expected: first.json,
                actual: again.json
            )
            try check.requireEqual(
                again.json,
                first.json ?? .null,
                "operation.other-reply",
                "the same operation with its keys in another order gets another reply"
            )
        },
        Check(
            "idempotence.long-after",
            "An operation from the beginning of the run gets its own reply at the end of it",
            .core,
            ["HUB-IDM-002", "HUB-IDM-001"],
            company: .alone
        ) { check in
            if check.run.early.isEmpty { try await check.setUp { _ = try await check.create() } }
            let early = check.run.early
            guard let last = early.map(\.at).max() else {
                throw Obstacle("setup.failed", "what the check stands on failed: nothing was carried out with success")
            }
            let age = check.run.time.now() - last
            try await check.run.time.sleep(for: max(.zero, .milliseconds(Limits.earlyAgeMs) - age))
            for (question, reply, _) in early {
                let again = try await check.ask(question)
                try check.requireEqual(
                    again.json,
                    reply,
                    "operation.forgotten",
                    "at the end of the run, a \(question.operation) from its beginning gets another reply"
                )
            }
        },
    ]

    /// Errors of other kinds: whatever the first answer was, the operation is that one.
    private static func othersAreRemembered(_ check: CheckContext) async throws {
        let missing = check.about(check.unknownImage())
        var questions = [Question("delete_image", check.newID(), missing)]
        if check.knows("update_image") {
            questions.append(Question("update_image", check.newID(), missing.with("name", "n")))
        }
        if check.mayAddVersions {
            let sha256 = JSONValue.string(AssetDigest.ofNothingKnown(check.newID()))
            questions.append(Question("create_image", check.newID(), check.imageData(["sha256": sha256])))
        }
        for question in questions {
            let first = try await check.ask(question)
            // What is not refused, others say; these two are not remembered (HUB-IDM-006).
            guard let code = first.code, !["INTERNAL_ERROR", "STORAGE_FULL"].contains(code) else { continue }
            let image = check.about(check.unknownImage())
            let payload =
                switch question.operation {
                case "create_image": check.imageData()
                case "update_image": image.with("name", "n")
                default: image
                }
            try check.refused(
                try await check.ask(question.operation, payload, id: question.operationID),
                "OPERATION_CONFLICT",
                "operation.error-forgotten",
                "the operation id of a \(question.operation) that was answered with \(code), with another payload"
            )
        }
    }

    /// Asks the same twice and compares the replies.
    static func twice(_ check: CheckContext, _ operation: String, _ data: JSONValue) async throws {
        let question = Question(operation, check.newID(), data)
        let first = try await check.ask(question)
        try check.success(first, operation)
        try await check.requireSameReply(
            to: question,
            as: first,
            "operation.other-reply",
            "the same \(operation) again gets another reply"
        )
    }
}

/// JSON in another spelling than ours: keys in the opposite order, white space between.
enum JSONText {
    static func reversed(_ value: JSONValue) -> [UInt8] { Array(text(value).utf8) }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            let inside = members.sorted { $0.key > $1.key }.map { "\(plain(.string($0.key))) :\n\t\(text($0.value))" }
            return "{ " + inside.joined(separator: " , ") + " }"
        case .array(let elements): return "[ " + elements.map { text($0) }.joined(separator: " , ") + " ]"
        case .null, .bool, .integer, .number, .string: return plain(value)
        }
    }

    private static func plain(_ value: JSONValue) -> String { String(decoding: value.encoded(), as: UTF8.self) }
}
