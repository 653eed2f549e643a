import HubProtocol
import JSON
import MessageHub

/// Bodies that are no requests, reply queues that are gone, and that the service goes on (docs/protocol.md §4).
enum BodyChecks {
    /// Bodies that cannot be read, by what they are.
    private static let unreadable: [(String, [UInt8])] = [
        ("no JSON", Array("this is no JSON".utf8)), ("an array", Array("[1,2,3]".utf8)),
        ("a string", Array("\"list_images\"".utf8)), ("a number", Array("42".utf8)), ("null", Array("null".utf8)),
        ("cut short", Array("{\"operation\":\"list_images\",\"operation_id\":\"x".utf8)),
        ("no UTF-8", Array("{\"operation\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)), ("empty", []),
    ]

    static let all = [
        Check(
            "body.unreadable-answered",
            "A body that is no JSON object is answered with VALIDATION_ERROR",
            .core,
            ["HUB-ACK-006", "HUB-REQ-020"]
        ) { check in
            for (what, body) in unreadable {
                let reply = try await check.ask(nonsense(check, body))
                try check.refused(reply, "VALIDATION_ERROR", "body.unreadable-accepted", "a body that is \(what)")
            }
        },
        Check(
            "body.unreadable-id-null",
            "Where the operation_id cannot be read, that of the reply is null",
            .core,
            ["HUB-ACK-007"]
        ) { check in
            for (what, body) in unreadable {
                let reply = try await check.ask(nonsense(check, body))
                try check.require(
                    reply.json?["operation_id"] == JSONValue.null,
                    "reply.operation-id-not-null",
                    "a body that is \(what): the reply's operation_id is not null",
                    expected: ["operation_id": nil],
                    actual: reply.json
                )
            }
        },
        Check(
            "body.unreadable-correlation",
            "The correlation_id of a reply to a body that cannot be read is that of the request",
            .core,
            ["HUB-ACK-011"]
        ) { check in
            for (what, body) in unreadable.prefix(3) {
                let question = nonsense(check, body)
                let reply = try await check.ask(question)
                try check.requireText(
                    reply.message.correlationID,
                    at: ["properties", "correlation_id"],
                    question.correlationID ?? "",
                    "reply.correlation-id-changed",
                    "a body that is \(what): the reply has another correlation_id than the request"
                )
            }
        },
        Check(
            "body.unreadable-once",
            "A body that cannot be read is answered once and not put back",
            .core,
            ["HUB-ACK-005", "HUB-REP-010"],
            company: .alone
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
            ]
            for (what, members) in bodies {
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
            company: .alone
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
        Check(
            "service.goes-on",
            "The service goes on after any body, property and header",
            .core,
            ["HUB-FLT-003"]
        ) { check in
            let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
            let bodies: [[UInt8]] = [
                Array(deep.utf8), Array("{\"operation_id\":{},\"operation\":[],\"data\":7}".utf8),
                Array("{\"operation\":\"get_image\",\"operation_id\":\"\\u0000\",\"data\":{\"image_id\":1e999}}".utf8),
                [UInt8](repeating: 0, count: 1000), Array("\u{FEFF}{}".utf8),
            ]
            for body in bodies {
                var message = HubMessage(
                    body: body,
                    contentType: "text/x-odd; charset=\"none",
                    messageID: String(repeating: "m", count: 255),
                    correlationID: "",
                    replyTo: try await check.replyQueue(),
                    type: "no such type",
                    appID: String(repeating: "é", count: 100),
                    timestampSeconds: .max >> 1,
                    headers: ["event_type": .integer(.min), "traceparent": .bool(false)]
                )
                try await publish(check, message)
                message.replyTo = String(repeating: "q", count: 255)
                try await publish(check, message)
            }
            do {
                try await check.barrier()
            } catch is CheckFailure {
                throw CheckFailure("service.stopped", "after odd bodies and properties nothing is answered")
            }
        },
    ]

    private static func publish(_ check: CheckContext, _ message: HubMessage) async throws {
        let address = HubAddress(exchange: check.session.topology.exchange, routingKey: Topology.Key.request)
        try await check.publish(message, to: address)
    }

    private static func nonsense(_ check: CheckContext, _ body: [UInt8]) -> Question {
        var question = Question("nonsense", check.newID(), [:])
        question.body = body
        question.isWrong = true
        return question
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
