import HubProtocol
import JSON
import MessageHub
import SimulatedStorage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct StorageResponderTests {
    @Test func declaresWhatStorageDeclaresAndConsumes() async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            try await connection.wait { $0.actions.count == 4 }
            #expect(
                connection.actions == [
                    .declareExchange(ExchangeDeclaration(name: "message_hub", kind: .topic, isDurable: true)),
                    .declareQueue(QueueDeclaration(name: "storage_service", isDurable: true)),
                    .bind(queue: "storage_service", exchange: "message_hub", routingKey: "storage.request"),
                    .consume(queue: "storage_service", prefetch: StorageLimits().prefetch),
                ]
            )
            #expect(bench.responder.isConsuming)
        }
        #expect(!bench.responder.isConsuming)
    }

    @Test func answersToTheReplyQueueWithItsProperties() async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            var message = HubMessage(
                body: StorageRequest(operation: "list_images", operationID: "op-1", data: [:]).encoded(),
                correlationID: "other",
                replyTo: "replies"
            )
            message.headers = [
                "traceparent": .string("00-ab-cd-01"), "event_type": .string("storage.request"), "x": .integer(1),
            ]
            connection.deliver(message)
            try await connection.wait { $0.acknowledged == [1] }
            let reply = try #require(connection.published().first)
            #expect(reply.address == HubAddress(exchange: "", routingKey: "replies"))
            #expect(reply.isMandatory)
            #expect(reply.message.contentType == "application/json")
            #expect(reply.message.correlationID == "other")
            #expect(reply.message.type == "storage.response")
            #expect(reply.message.appID == "storage_service")
            #expect(reply.message.timestampSeconds == 1_767_323_045)
            #expect(reply.message.isPersistent)
            #expect(
                reply.message.headers == [
                    "traceparent": .string("00-ab-cd-01"), "event_type": .string("storage.response"),
                ]
            )
            #expect(
                Reply(reply.message.body).json == [
                    "operation_id": "op-1", "status": "success", "data": ["images": [], "total": 0],
                ]
            )
        }
    }

    @Test func withoutAReplyQueueEverybodyMayListen() async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            for replyTo in [nil, ""] {
                let body = StorageRequest(operation: "list_images", operationID: "op", data: [:]).encoded()
                connection.deliver(HubMessage(body: body, replyTo: replyTo))
            }
            try await connection.wait { $0.acknowledged.count == 2 }
            for reply in connection.published() {
                #expect(reply.address == HubAddress(exchange: "message_hub", routingKey: "storage.response"))
                #expect(!reply.isMandatory)
                // Without a correlation id, the reply takes the operation's id.
                #expect(reply.message.correlationID == "op")
            }
        }
    }

    @Test func anOperationIDThatIsTooLongForACorrelationIDStaysInTheBody() async throws {
        // 255 characters are 510 bytes here; a short string has 255 at most.
        let id = String(repeating: "ø", count: 255)
        let connection = ScriptedConnection { published throws(HubError) in
            if let length = published.message.correlationID?.utf8.count, length > 255 { throw .invalid("too long") }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            let body = StorageRequest(operation: "create_image", operationID: id, data: .portrait).encoded()
            connection.deliver(HubMessage(body: body, replyTo: "replies"))
            try await connection.wait { $0.acknowledged == [1] && $0.published(to: "image.created").count == 1 }
            #expect(connection.replies.first?.json["operation_id"] == .string(id))
            #expect(connection.published().allSatisfy { $0.message.correlationID == nil })
        }
    }

    @Test func acknowledgesOnlyWhenTheReplyIsConfirmed() async throws {
        let gate = Gate()
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "replies" { await gate.pass() }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            await gate.waitForArrival()
            // The effect is there, the reply is on its way, and nothing is acknowledged.
            #expect(try await bench.core.usage().images == 1)
            #expect(connection.acknowledged == [])
            gate.open()
            try await connection.wait { $0.acknowledged == [1] }
            let order = connection.actions.compactMap { action in
                switch action {
                case .published(let published): published.address.routingKey
                case .acknowledged: "acknowledged"
                default: nil
                }
            }
            #expect(order.firstIndex(of: "replies")! < order.firstIndex(of: "acknowledged")!)
        }
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: [UInt8]
        var replyTo: String? = "replies"
        /// `operation_id` of the reply; `nil` for no reply at all.
        let answeredTo: JSONValue?
    }

    @Test(arguments: [
        Malformed(testDescription: "no bytes", body: [], answeredTo: .null),
        Malformed(testDescription: "no JSON", body: Array("{\"operation\"".utf8), answeredTo: .null),
        Malformed(testDescription: "no object", body: Array("[1]".utf8), answeredTo: .null),
        Malformed(testDescription: "no UTF-8", body: [0xFF, 0xFE], answeredTo: .null),
        Malformed(testDescription: "no id", body: Array(#"{"operation":"list_images"}"#.utf8), answeredTo: .null),
        Malformed(testDescription: "no operation", body: Array(#"{"operation_id":"x"}"#.utf8), answeredTo: "x"),
        Malformed(testDescription: "too long", body: Array(repeating: 0x20, count: 1_048_577), answeredTo: .null),
        Malformed(testDescription: "no JSON, nowhere to answer", body: [0x78], replyTo: nil, answeredTo: nil),
        Malformed(testDescription: "no id, nowhere to answer", body: Array("{}".utf8), replyTo: "", answeredTo: nil),
    ])
    func malformedBodiesAreAnsweredWhereTheyCanBeAndNeverComeBack(_ row: Malformed) async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver(HubMessage(body: row.body, correlationID: "c", replyTo: row.replyTo))
            try await connection.wait { $0.acknowledged == [1] }
            guard let answeredTo = row.answeredTo else {
                #expect(connection.published().isEmpty)
                return
            }
            let reply = try #require(connection.replies.first)
            #expect(reply.code == "VALIDATION_ERROR")
            #expect(reply.json["operation_id"] == answeredTo)
            #expect(connection.published().first?.message.correlationID == "c")
        }
    }

    @Test func aReplyQueueThatIsGoneEndsTheRequest() async throws {
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "replies" { throw .returned(code: 312, text: "NO_ROUTE") }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.acknowledged == [1] && $0.published(to: "image.created").count == 1 }
            #expect(connection.replies.isEmpty)
            #expect(try await bench.core.usage().images == 1)
        }
    }

    @Test(arguments: [HubError.nacked, .timedOut("confirm"), .overloaded("publishes")])
    func aReplyThatIsNotTakenIsTriedAgain(error: HubError) async throws {
        let refusals = Mutex(2)
        let connection = ScriptedConnection { _ throws(HubError) in
            if refusals.withLock({ count in
                count -= 1
                return count >= 0
            }) {
                throw error
            }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("list_images", id: "op")
            try await connection.wait { $0.acknowledged == [1] }
            #expect(connection.replies.count == 1)
            #expect(bench.clock.elapsed >= .milliseconds(300))
        }
    }

    @Test func aReplyThatIsNeverTakenSendsTheRequestBack() async throws {
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "replies" { throw .nacked }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.actions.contains(.rejected(1, requeue: true)) }
            #expect(connection.acknowledged == [])
        }
        // On the next connection it comes again, and is answered as it was carried out.
        let next = ScriptedConnection()
        try await bench.run(on: next) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.acknowledged == [1] }
        }
        #expect(next.replies.first?.code == nil)
        #expect(try await bench.core.usage().images == 1)
    }

    @Test func aReplyThatTheHubRefusesDoesNotEndEveryConnection() async throws {
        let refuse: ScriptedConnection.Judge = { published throws(HubError) in
            if published.address.routingKey == "replies" { throw .refused(code: 403, text: "ACCESS_REFUSED") }
        }
        let bench = ResponderBench()
        for _ in 0..<2 {
            try await bench.run(on: ScriptedConnection(judge: refuse)) { connection in
                connection.deliver("list_images", id: "op")
                try await connection.wait { $0.acknowledged == [1] }
            }
        }
        // The second time it was not even tried.
        let third = ScriptedConnection(judge: refuse)
        try await bench.run(on: third) { connection in
            connection.deliver("list_images", id: "op")
            connection.deliver("list_images", id: "other", replyTo: "elsewhere")
            try await connection.wait { $0.acknowledged.count == 2 }
        }
        #expect(!third.actions.contains { if case .failed = $0 { true } else { false } })
        #expect(third.published(to: "elsewhere").count == 1)
    }

    @Test func aConnectionThatEndsLeavesTheRequestUnacknowledged() async throws {
        let connection = ScriptedConnection { _ throws(HubError) in throw .closed("gone") }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.actions.contains { if case .failed = $0 { true } else { false } } }
        }
        #expect(connection.acknowledged == [])
        // Reply and event go out on the next one.
        let next = ScriptedConnection()
        try await bench.run(on: next) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.acknowledged == [1] && $0.published(to: "image.created").count == 1 }
        }
        #expect(try await bench.core.usage().images == 1)
        #expect(try await bench.core.usage().pendingEvents == 0)
    }

    @Test func aStoreThatFailsIsAnsweredAndLeavesNothing() async throws {
        let store = FailingRecordStore(failures: 1)
        let bench = ResponderBench(records: store)
        try await bench.run(on: ScriptedConnection()) { connection in
            // The publisher looks first; its failure would be counted too.
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.acknowledged == [1] }
            let reply = try #require(connection.replies.first)
            #expect(reply.code == "INTERNAL_ERROR")
            #expect(!reply.description.contains("disk"))
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.acknowledged == [1, 2] }
            #expect(connection.replies.last?.code == nil)
        }
        #expect(try await bench.core.usage().images == 1)
    }

    @Test func requestsAboutOneImageKeepTheirOrder() async throws {
        let bench = ResponderBench(records: LaggingRecordStore(seed: 1))
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "create")
            try await connection.wait { $0.acknowledged == [1] }
            let id = try #require(connection.replies.first?.id)
            for number in 1...300 {
                connection.deliver(
                    "update_image",
                    ["image_id": .string(id), "name": .string("\(number)")],
                    id: "op-\(number)"
                )
                // Others in between, which must not be held up by it nor hold it up.
                connection.deliver("create_image", .portrait, id: "other-\(number)")
            }
            try await connection.wait { $0.acknowledged.count == 601 && $0.published(to: "image.updated").count == 300 }
            let names = connection.published(to: "image.updated").map { Reply($0.message.body).data["name"]?.string }
            #expect(names == (1...300).map { "\($0)" })
        }
        let usage = try await bench.core.usage()
        #expect(usage.images == 301)
        #expect(usage.pendingEvents == 0)
    }

    @Test func theSameRequestTwiceAtOnceHasOneEffectAndOneReply() async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            for _ in 0..<50 { connection.deliver("create_image", .portrait, id: "op") }
            try await connection.wait { $0.acknowledged.count == 50 && $0.published(to: "image.created").count == 1 }
            #expect(Set(connection.published(to: "replies").map(\.message.body)).count == 1)
        }
        #expect(try await bench.core.usage().images == 1)
    }

    @Test func severalInstancesShareOneStore() async throws {
        let first = ResponderBench()
        let second = ResponderBench(core: first.core)
        let (left, right) = (ScriptedConnection(), ScriptedConnection())
        try await first.run(on: left) { left in
            try await second.run(on: right) { right in
                left.deliver("create_image", .portrait, id: "op")
                try await left.wait { $0.acknowledged == [1] }
                // The reply is out, so the other instance sees the effect, and answers the same to the same.
                right.deliver("create_image", .portrait, id: "op")
                right.deliver("list_images", id: "list")
                try await right.wait { $0.acknowledged.count == 2 }
                #expect(right.replies.contains { $0.data["total"] == 1 })
                #expect(right.replies.contains { $0 == left.replies[0] })
            }
        }
        #expect(left.published(to: "image.created").count + right.published(to: "image.created").count == 1)
    }
}
