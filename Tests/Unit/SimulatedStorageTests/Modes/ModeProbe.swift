import HubProtocol
import HubSim
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

/// How a mode is recognized: something that is so in the mode and not without it.
struct ModeProbe: Sendable, CustomTestStringConvertible {
    let mode: String
    let options: ModeBench.Options
    let isSo: @Sendable (ModeBench) async throws -> Bool

    var testDescription: String { mode }

    private init(
        mode: String,
        options: ModeBench.Options,
        isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) {
        self.mode = mode
        self.options = options
        self.isSo = isSo
    }

    /// Without a client that declares anything.
    static func bench(
        _ mode: String,
        _ isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) -> ModeProbe {
        bench(mode, ModeBench.Options(), isSo)
    }

    /// Without a client that declares anything, on a storage with these options.
    static func bench(
        _ mode: String,
        _ options: ModeBench.Options,
        _ isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) -> ModeProbe {
        ModeProbe(mode: mode, options: options, isSo: isSo)
    }

    /// With somebody who asks.
    init(
        _ mode: String,
        _ options: ModeBench.Options = ModeBench.Options(),
        _ isSo: @escaping @Sendable (ModeClient) async throws -> Bool
    ) {
        self.init(mode: mode, options: options) { bench in
            let client = try await bench.client()
            return try await isSo(client)
        }
    }

    static let all =
        ofTopology + ofRequests + ofReplies + ofAcknowledgement + ofValues + ofOperations + ofLists + ofIdempotence
        + ofConsistency + ofEvents + ofDiscovery + ofAssets + ofDurability + legal

    /// Looks at a storage in the mode, and at one without.
    func play() async throws {
        let mode = try #require(StorageMode.named(mode))
        let isSoInMode = try await ModeBench.run(mode, options, isSo)
        #expect(isSoInMode, "in the mode")
        let isSoWithout = try await ModeBench.run(nil, options, isSo)
        #expect(!isSoWithout, "without the mode")
    }
}

/// Whether something is so in one of some tries: for what two things must meet that a busy machine can keep apart.
func inSomeTry(_ isSo: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<5 {
        if try await isSo() { return true }
    }
    return false
}

extension ModeProbe {
    static let ofTopology: [ModeProbe] = [
        .bench("exchange-not-durable", { try await $0.refusesExchange() }),
        .bench("exchange-of-kind-direct", { try await $0.refusesExchange() }),
        .bench("queue-not-durable", { try await $0.refusesQueue() }),
        .bench("queue-auto-delete", { try await $0.refusesQueue() }),
        .bench(
            "queue-per-instance",
            { bench in
                let queue = QueueDeclaration(name: Topology.defaultQueue, isPassive: true)
                return try await bench.refuses { try await $0.declareQueue(queue) }
            }
        ),
        ModeProbe("queue-not-bound") { client in
            do throws(HubError) {
                let body = StorageRequest(operation: "list_images", operationID: "1", data: [:]).encoded()
                try await client.connection.publish(
                    HubMessage(body: body),
                    to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.request),
                    mandatory: true
                )
                return false
            } catch {
                if case .returned = error { return true }
                return false
            }
        },
        ModeProbe("answers-only-server-named-queues") { client in
            let mine = try await client.connection.declareQueue(
                QueueDeclaration(name: "answers for me", isExclusive: true)
            )
            try await client.publish("list_images", id: "op") { $0.replyTo = mine.name }
            return try await client.notices { $0.heard.contains { $0.key == "storage.response" } }
        },
        ModeProbe("declares-once") { client in
            // Its consumer ends with the queue, and so it connects anew.
            client.bench.hub.removeEverything()
            return try await client.misses { $0.requests?.consumerCount == 1 }
        },
    ]

    static let ofRequests: [ModeProbe] = [
        ModeProbe("needs-content-type") { client in
            try await client.publish("list_images", id: "op") { $0.contentType = nil }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("refuses-unknown-headers") { client in
            let reply = try await client.ask("list_images") { $0.headers["x-more"] = .string("value") }
            return reply.code == "VALIDATION_ERROR"
        },
        ModeProbe("operation-ids-must-be-uuids") { client in
            try await client.ask("list_images", id: "operation 7").code == "VALIDATION_ERROR"
        },
        ModeProbe("operation-ids-without-case") { client in
            let first = try await client.ask("create_image", .portrait, id: "aaaa")
            let second = try await client.ask("create_image", .portrait, id: "AAAA")
            #expect(second.operationID == "AAAA")
            return first.id == second.id
        },
        ModeProbe("refuses-unknown-fields") { try await $0.create(["more": 1]).code == "VALIDATION_ERROR" },
        ModeProbe("refuses-unknown-envelope-fields") { client in
            let body: JSONValue = ["operation": "list_images", "operation_id": "op", "data": [:], "more": 1]
            try await client.publish(body: body.encoded(), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("null-is-a-value") { client in
            try await client.ask("list_images", ["type": nil]).code == "VALIDATION_ERROR"
        },
        ModeProbe("data-must-be-there") { client in
            let body: JSONValue = ["operation": "list_images", "operation_id": "op"]
            try await client.publish(body: body.encoded(), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("whole-numbers-without-fraction") { client in
            let body = #"{"operation":"list_images","operation_id":"op","data":{"limit":10.0}}"#
            try await client.publish(body: Array(body.utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("bodies-of-64-kib-at-most") { client in
            let padding = JSONValue.string(String(repeating: "x", count: 70_000))
            return try await client.ask("list_images", ["padding": padding]).code == "VALIDATION_ERROR"
        },
    ]

    static let ofReplies: [ModeProbe] = [
        ModeProbe("replies-to-the-exchange") { client in
            try await client.publish("list_images", id: "op")
            return try await client.wait { $0.heard.first { $0.operationID == "op" } }.key == "storage.response"
        },
        ModeProbe("silent-without-reply-to") { client in
            try await client.publish("list_images", id: "op") { $0.replyTo = nil }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("reply-without-content-type") { try await $0.ask("list_images").message.contentType == nil },
        ModeProbe("reply-as-octet-stream") { client in
            try await client.ask("list_images").message.contentType == "application/octet-stream"
        },
        ModeProbe("reply-without-type") { client in
            let message = try await client.ask("list_images").message
            return message.type == nil && message.appID == nil && message.timestampSeconds == nil
        },
        ModeProbe("reply-in-latin-1") { client in
            let isRight = try await client.create().isSuccess
            #expect(isRight)
            return try await client.create(["name": "Prüfung"]).json == .null
        },
        ModeProbe("reply-without-status") { try await $0.create().json["status"] == nil },
        ModeProbe("status-in-words-of-its-own") { client in
            let failed = try await client.ask("delete_image", ["image_id": "none"]).json["status"]
            return try await client.create().json["status"] == "ok" && failed == "failed"
        },
        ModeProbe("data-encoded-twice") { try await $0.create().json["data"]?.string != nil },
        ModeProbe("error-as-text") { client in
            try await client.ask("delete_image", ["image_id": "none"]).json["error"]?.string != nil
        },
        ModeProbe("error-without-code") { client in
            let error = try await client.ask("delete_image", ["image_id": "none"]).json["error"]
            return error?["code"] == nil && error?["message"] != nil
        },
        ModeProbe("empty-error-message") { client in
            try await client.ask("delete_image", ["image_id": "none"]).json["error"]?["message"] == ""
        },
        ModeProbe("details-as-text") { client in
            try await client.ask("delete_image", ["image_id": "none"]).json["error"]?["details"]?.string != nil
        },
        ModeProbe("replies-twice") { client in
            try await client.ask("list_images")
            return try await client.notices { $0.heard.count(where: \.isMine) == 2 }
        },
        ModeProbe("operation-id-lower-cased") { client in
            try await client.ask("list_images", id: "ABC").operationID == "abc"
        },
        ModeProbe("operation-id-left-out") { try await $0.ask("list_images").json["operation_id"] == nil },
        ModeProbe("correlation-id-dropped") { client in
            let without = try await client.ask("list_images", id: "op") { $0.correlationID = nil }
            #expect(without.message.correlationID == "op")
            return try await client.ask("list_images").message.correlationID == nil
        },
        ModeProbe("correlation-id-is-the-operation-id") { client in
            let reply = try await client.ask("list_images", id: "op") { $0.correlationID = "another" }
            return reply.message.correlationID == "op"
        },
        ModeProbe("no-correlation-id-of-its-own") { client in
            let with = try await client.ask("list_images") { $0.correlationID = "another" }
            #expect(with.message.correlationID == "another")
            return try await client.ask("list_images") { $0.correlationID = nil }.message.correlationID == nil
        },
        ModeProbe("list-without-total") { client in
            let reply = try await client.ask("list_images")
            return reply.data["images"] == [] && reply.data["total"] == nil
        },
        ModeProbe("unread-correlation-id-dropped") { client in
            try await client.publish(body: Array("[]".utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.message.correlationID == nil
        },
    ]

    static let ofAcknowledgement: [ModeProbe] = [
        ModeProbe(
            "acknowledges-on-arrival",
            ModeBench.Options(faults: "create_image,at=before_reply:delay:10m"),
            { client in
                try await client.publish("create_image", .portrait, id: "op")
                try await client.wait { $0.events.first }
                return try await client.notices { $0.requests?.acknowledgedCount == 1 }
            }
        ),
        ModeProbe("never-acknowledges") { client in
            try await client.ask("list_images")
            return try await client.misses { $0.requests?.acknowledgedCount == 1 }
        },
        ModeProbe(
            "ignores-redeliveries",
            ModeBench.Options(faults: "list_images,at=received:redeliver:x1"),
            { client in
                try await client.publish("list_images", id: "op")
                return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
            }
        ),
        ModeProbe("requeues-when-the-reply-queue-is-gone") { client in
            try await client.publish("list_images", id: "op") { $0.replyTo = "gone" }
            return try await client.notices { $0.requests?.redeliveredCount == 2 }
        },
        ModeProbe("requeues-the-unreadable") { client in
            try await client.publish(body: Array("this is no JSON".utf8), id: "op")
            return try await client.notices { $0.requests?.redeliveredCount ?? 0 >= 2 }
        },
        ModeProbe("silent-to-no-request") { client in
            try await client.publish(body: Array("{}".utf8), id: "op")
            return try await client.misses { $0.heard.contains { $0.code == "VALIDATION_ERROR" } }
        },
        ModeProbe("unread-operation-id-empty") { client in
            try await client.publish(body: Array("[]".utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.json["operation_id"] == ""
        },
        ModeProbe("answers-the-unreadable-on-the-exchange") { client in
            try await client.publish(body: Array("this is no JSON".utf8), id: "op") { $0.replyTo = nil }
            return try await client.notices { $0.heard.contains { $0.key == "storage.response" } }
        },
    ]
}

extension ModeBench {
    /// Whether the hub refuses something.
    func refuses<Result>(_ what: (any HubConnection) async throws -> Result) async throws -> Bool {
        let connection = try await connect()
        do {
            _ = try await what(connection)
            await connection.close()
            return false
        } catch HubError.refused {
            return true
        }
    }

    /// Whether a requester's declaration of the exchange does not fit.
    func refusesExchange() async throws -> Bool {
        try await refuses {
            try await $0.declareExchange(ExchangeDeclaration(name: "message_hub", kind: .topic, isDurable: true))
        }
    }

    /// Whether the declaration that the document asks for does not fit.
    func refusesQueue() async throws -> Bool {
        try await refuses { try await $0.declareQueue(.durable("storage_service")) }
    }
}

extension ModeClient {
    /// The storage side's queue at this moment.
    var requests: QueueSnapshot? { bench.hub.snapshot().queue(Topology.defaultQueue) }
}
