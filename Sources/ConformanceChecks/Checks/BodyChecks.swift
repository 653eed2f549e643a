import HubProtocol
import JSON
import MessageHub

/// Bodies that are no requests, and reply queues that are gone (docs/protocol.md §4).
enum BodyChecks {
    /// Bodies that cannot be read, by what they are.
    private static let unreadable: [(String, [UInt8])] = [
        ("no JSON", Array("this is no JSON".utf8)), ("an array", Array("[1,2,3]".utf8)),
        ("a string", Array("\"list_images\"".utf8)), ("a number", Array("42".utf8)), ("null", Array("null".utf8)),
        ("cut short", Array("{\"operation\":\"list_images\",\"operation_id\":\"x".utf8)),
        ("no UTF-8", Array("{\"operation\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)), ("empty", []),
        // What some readers take for JSON in UTF-8 all the same.
        ("JSON but for a NaN", Array(request.dropLast().utf8) + Array(",\"x\":NaN}".utf8)),
        ("JSON in UTF-16", request.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
    ]

    private static let request =
        #"{"operation":"get_image","operation_id":"conformance","data":{"image_id":"conformance"}}"#

    static let all = [
        Check(
            "body.unreadable-answered",
            "A body that is no JSON object is answered with VALIDATION_ERROR",
            .core,
            ["HUB-ACK-006", "HUB-REQ-020"],
            company: .last
        ) { check in
            for (what, body) in unreadable {
                let reply = try await check.ask(nonsense(check, body))
                try check.refused(reply, "VALIDATION_ERROR", "body.unreadable-accepted", "a body that is \(what)")
            }
            try await halfACharacter(check)
        },
        Check(
            "body.unreadable-id-null",
            "Where the operation_id cannot be read, that of the reply is null",
            .core,
            ["HUB-ACK-007"],
            company: .last
        ) { check in
            // That it is null is a rule for every reply to such a body.
            for (_, body) in unreadable { _ = try await check.ask(nonsense(check, body)) }
        },
        Check(
            "body.unreadable-correlation",
            "The correlation_id of a reply to a body that cannot be read is that of the request",
            .core,
            ["HUB-ACK-011"],
            company: .last
        ) { check in
            for (_, body) in unreadable.prefix(3) { _ = try await check.ask(nonsense(check, body)) }
        },
        Check(
            "body.unreadable-once",
            "A body that cannot be read is answered once and not put back",
            .core,
            ["HUB-ACK-005", "HUB-REP-010"],
            company: .last
        ) { check in
            _ = try await check.ask(nonsense(check, unreadable[0].1))
            try await check.expectQuiet("request.requeued", "a body that cannot be read was answered again")
            try await settled(check)
        },
        Check(
            "body.incomplete-request",
            "A JSON object that is no request is answered with VALIDATION_ERROR under its operation_id",
            .core,
            ["HUB-ACK-006", "HUB-COR-001"]
        ) { check in
            let bodies: [(String, [String: JSONValue])] = [
                ("without operation", ["data": [:]]), ("with an operation that is a number", ["operation": 5]),
                ("with data that is an array", ["operation": "get_image", "data": [1]]),
                ("with data that is a string", ["operation": "get_image", "data": "x"]),
                // What is false in many languages is there all the same, and no object.
                ("with data that is an empty array", ["operation": "list_images", "data": []]),
                ("with data that is an empty string", ["operation": "list_images", "data": ""]),
                ("with data that is 0", ["operation": "list_images", "data": 0]),
                ("with data that is false", ["operation": "list_images", "data": false]),
            ]
            for (what, members) in bodies where check.knows(members["operation"]?.string ?? "") {
                let id = check.newID()
                var question = Question("get_image", id, [:])
                question.body = JSONValue.object(members.merging(["operation_id": .string(id)]) { $1 }).encoded()
                question.isWrong = true
                let reply = try await check.ask(question)
                try check.refused(reply, "VALIDATION_ERROR", "body.incomplete-accepted", "a request \(what)")
                try check.requireEqual(
                    reply.json?["operation_id"],
                    at: ["operation_id"],
                    .string(id),
                    "reply.operation-id-changed",
                    "a request \(what): the reply has another operation_id"
                )
            }
        },
        Check(
            "body.unreadable-dropped",
            "A body that is no JSON object, without reply_to, is dropped and acknowledged",
            .core,
            ["HUB-ACK-008"],
            company: .last
        ) { check in
            let start = check.session.unaddressed.count
            var correlationIDs: Set<String> = []
            for (_, body) in unreadable {
                var question = nonsense(check, body)
                question.replyTo = .none
                correlationIDs.insert(question.correlationID ?? "")
                try await check.post(question)
            }
            do {
                try await check.barrier()
            } catch is CheckFailure {
                throw CheckFailure("service.stopped", "after unreadable bodies without reply_to nothing is answered")
            }
            try await check.quiet()
            let answers = check.session.unaddressed.all(from: start).filter { answer in
                guard let id = answer.message.correlationID else {
                    return answer.json?["operation_id"] == JSONValue.null
                }
                return correlationIDs.contains(id)
            }
            try check.require(
                answers.isEmpty,
                "body.unreadable-published",
                "an unreadable body without reply_to was answered on the exchange"
            )
            try await settled(check)
        },
        Check(
            "ack.reply-queue-gone",
            "Where the reply queue is gone, the reply is dropped and the service goes on",
            .core,
            ["HUB-ACK-004"],
            company: .alone
        ) { check in
            for _ in 0..<3 {
                var question = Question("create_image", check.newID(), check.imageData())
                question.replyTo = .queue("conformance.\(check.run.runID).gone")
                try await check.post(question)
            }
            do {
                try await check.barrier()
            } catch is CheckFailure {
                throw CheckFailure("service.stopped", "after requests whose reply queue is gone nothing is answered")
            }
            try await settled(check)
        },
        Check(
            "ack.answered",
            "Every request that was answered is acknowledged",
            .core,
            ["HUB-ACK-002"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            try await settled(check)
        },
        Check(
            "ack.after-confirm",
            "A request is acknowledged only after the hub has confirmed its reply",
            .core,
            ["HUB-ACK-001"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let queue = try await check.replyQueue()
            try await settled(check)
            await inside.holdConfirms(of: .toQueue(queue), ms: 2000)
            defer { inside.endTrouble() }
            // What is seen counts while the confirm is surely still held back; on a busy machine it is tried again.
            for _ in 0..<5 {
                let start = check.run.time.now()
                _ = try await check.ask(check.anything())
                let unacknowledged = await inside.unacknowledged(in: check.session.topology.queue)
                guard check.run.time.now() - start < .milliseconds(1500) else { continue }
                try check.require(
                    unacknowledged > 0,
                    "ack.before-confirm",
                    "a request was acknowledged before the hub had confirmed its reply"
                )
                return
            }
            throw Obstacle("machine.slow", "the machine is too slow to see whether a request is acknowledged early")
        },
        Check(
            "ack.redelivered",
            "A request that is delivered again is answered again",
            .core,
            ["HUB-ACK-003", "HUB-FLT-002"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let queue = try await check.replyQueue()
            await inside.holdConfirms(of: .toQueue(queue), ms: 3000)
            let question = Question("create_image", check.newID(), check.imageData())
            let first: Received
            do {
                defer { inside.endTrouble() }
                first = try await check.ask(question)
                // The confirm is still held back, so the request is not acknowledged and will come again.
                await inside.cutConsumers(of: check.session.topology.queue, deletingIt: false)
            }
            let id = question.operationID
            guard let again = await check.inbox.take(within: check.run.timeout * 2, where: { $0.operationID == id })
            else {
                try Task.checkCancellation()
                throw CheckFailure("request.redelivery-ignored", "a request that was delivered again is not answered")
            }
            try check.requireEqual(
                again.json,
                first.json ?? .null,
                "operation.other-reply",
                "a request that was delivered again gets another reply"
            )
        },
    ]

    private static func nonsense(_ check: CheckContext, _ body: [UInt8]) -> Question {
        var question = Question("nonsense", check.newID(), [:])
        question.body = body
        question.isWrong = true
        return question
    }

    /// An operation id that is no text: the reply names it as it came, or refuses it and names none (HUB-REQ-028).
    private static func halfACharacter(_ check: CheckContext) async throws {
        var question = nonsense(
            check,
            Array(request.replacing(#"_id":"conformance","d"#, with: #"_id":"\ud800","d"#).utf8)
        )
        question.mayBeUnreadable = true
        let reply: Received
        do {
            reply = try await check.ask(question)
        } catch let failure as CheckFailure {
            throw CheckFailure(
                failure.reason,
                "no reply to a request whose operation_id is half a surrogate pair (\"\\ud800\"), neither a refusal nor another"
            )
        }
        if reply.code == "VALIDATION_ERROR", reply.json?["operation_id"] == JSONValue.null { return }
        let text = String(decoding: reply.message.body, as: UTF8.self)
        try check.require(
            text.lowercased().contains(#""\ud800""#),
            "reply.operation-id-changed",
            "an operation_id of half a surrogate pair (\"\\ud800\") came back as another",
            expected: ["operation_id": nil, "error": ["code": "VALIDATION_ERROR"]],
            actual: reply.json ?? .string(text)
        )
    }

    /// Where the hub can be looked into: nothing of the queue stays unacknowledged, and nothing is put back for ever.
    private static func settled(_ check: CheckContext) async throws {
        guard let inside = check.run.surroundings.inside else { return }
        let queue = check.session.topology.queue
        let end = check.run.time.now() + check.run.timeout
        while check.run.time.now() < end {
            let unacknowledged = await inside.unacknowledged(in: queue)
            let ready = await inside.ready(in: queue)
            if unacknowledged == 0, ready == 0 { return }
            try await check.run.time.sleep(for: .milliseconds(10))
        }
        throw CheckFailure("request.not-acknowledged", "requests stay unacknowledged, or go back to the queue for ever")
    }
}
