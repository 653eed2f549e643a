import FaultPlan
import JSON

@testable import SimulatedStorage

extension ModeProbe {
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
        ModeProbe("refused-reply-is-dropped") { client in
            client.refusesNext(FaultMatch(queue: Glob(client.replyQueue)))
            try await client.publish("list_images", id: "op")
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("answers-the-unreadable-on-the-exchange") { client in
            try await client.publish(body: Array("this is no JSON".utf8), id: "op") { $0.replyTo = nil }
            return try await client.notices { $0.heard.contains { $0.key == "storage.response" } }
        },
    ]
}
