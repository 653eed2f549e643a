import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofReplies: [ModeProbe] = [
        ModeProbe("replies-to-the-exchange") { client in
            try await client.publish("list_images", id: "op")
            return try await client.wait { $0.heard.first { $0.operationID == "op" } }.key == "storage.response"
        },
        ModeProbe("conflicts-without-operation-id") { client in
            try await client.ask("create_image", .portrait, id: "op")
            let conflict = try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            return conflict.json["operation_id"] == JSONValue.null
        },
        ModeProbe("repeats-have-the-first-correlation-id") { client in
            try await client.ask("list_images", id: "op") { $0.correlationID = "first" }
            let again = try await client.ask("list_images", id: "op") { $0.correlationID = "second" }
            return again.message.correlationID == "first"
        },
        ModeProbe("silent-without-reply-to") { client in
            try await client.publish("list_images", id: "op") { $0.replyTo = nil }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("errors-silent-without-reply-to") { client in
            try await client.publish("list_images", id: "right") { $0.replyTo = nil }
            try await client.wait { $0.heard.first { $0.operationID == "right" } }
            try await client.publish("delete_image", ["image_id": "none"], id: "op") { $0.replyTo = nil }
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
        ModeProbe("correlation-id-of-errors-is-the-operation-id") { client in
            let right = try await client.ask("list_images", id: "right") { $0.correlationID = "another" }
            #expect(right.message.correlationID == "another")
            let reply = try await client.ask("get_image", ["image_id": "none"], id: "op") {
                $0.correlationID = "another"
            }
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
}
