import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofConsistency: [ModeProbe] = [
        ModeProbe("codes-in-lower-case") { client in
            try await client.ask("delete_image", ["image_id": "none"]).code == "image_not_found"
        },
        ModeProbe("image-before-validation") { client in
            try await client.ask("update_image", ["image_id": "none", "name": 7]).code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("validation-before-conflict") { client in
            try await client.ask("create_image", .portrait, id: "op")
            return try await client.ask("create_image", [:], id: "op").code == "VALIDATION_ERROR"
        },
        ModeProbe("lists-lag-behind") { client in
            try await inSomeTry {
                let id = try await client.create().id
                return try await client.listed(["limit": 1000]).contains(id) == false
            }
        },
        ModeProbe("reads-from-a-cache") { client in
            let id = JSONValue.string(try await client.create().id)
            return try await inSomeTry {
                try await client.ask("get_image", ["image_id": id])
                let updated = try await client.ask("update_image", ["image_id": id, "name": "Other"])
                return try await client.ask("get_image", ["image_id": id]).updatedAt != updated.updatedAt
            }
        },
        ModeProbe("conflict-after-the-effect") { client in
            let id = JSONValue.string(try await client.create().id)
            let request: [String: JSONValue] = .content.with(["image_id": id, "expected_version": 7])
            let conflict = try await client.ask("create_image_version", request)
            #expect(conflict.code == "VERSION_CONFLICT")
            return try await client.ask("get_image", ["image_id": id]).version == 2
        },
        ModeProbe("stops-at-an-unreadable-body") { client in
            try await client.publish(body: [0xFF], id: "bad") { $0.replyTo = nil }
            try await client.publish("list_images", id: "op")
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("does-not-come-back", ModeBench.Options(faults: "get_image:disconnect:1ms:x1")) { client in
            try await client.publish("get_image", ["image_id": "none"], id: "op")
            try await client.bench.until { client.bench.mode == nil || !client.bench.storage.responder.isConsuming }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("updates-are-lost") { client in
            try await inSomeTry {
                let id = JSONValue.string(try await client.create().id)
                let ids = [client.freshID(), client.freshID()]
                try await client.publish("update_image", ["image_id": id, "name": "Other"], id: ids[0])
                try await client.publish("update_image", ["image_id": id, "theme": "other"], id: ids[1])
                try await client.wait { client in
                    client.heard.count { $0.isMine && ids.contains($0.operationID ?? "") } == 2 ? true : nil
                }
                return try await client.ask("get_image", ["image_id": id]).data["name"] != "Other"
            }
        },
        ModeProbe("one-request-at-a-time") { client in
            client.requests?.consumers.map(\.prefetchMax) == [1]
        },
        ModeProbe(
            "no-room-is-an-internal-error",
            ModeBench.Options(limits: StorageLimits.ofOneVersion),
            { client in
                try await client.create()
                return try await client.create().code == "INTERNAL_ERROR"
            }
        ),
        ModeProbe("leaves-in-the-middle") { client in
            try await inSomeTry {
                // They wait for it, so that it has much to do when it is back.
                try await client.bench.stopInOrder()
                let (heard, acknowledged) = (client.heard.count { $0.isMine }, client.requests?.acknowledgedCount ?? 0)
                for _ in 0..<100 { try await client.publish("create_image", .portrait, id: client.freshID()) }
                try await client.bench.start()
                try await client.wait { $0.heard.count { $0.isMine } > heard ? true : nil }
                try await client.bench.stopInOrder()
                let taken = Int((client.requests?.acknowledgedCount ?? 0) - acknowledged)
                let isUnanswered = try await client.misses { $0.heard.count { $0.isMine } - heard >= taken }
                try await client.bench.start()
                return isUnanswered
            }
        },
    ]
}
