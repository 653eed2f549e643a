import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofIdempotence: [ModeProbe] = [
        ModeProbe("repeats-are-carried-out-again") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            let second = try await client.ask("create_image", .portrait, id: "op")
            let other = try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            #expect(other.code == "OPERATION_CONFLICT")
            return first.id != second.id
        },
        ModeProbe("repeats-are-conflicts") { client in
            try await client.ask("create_image", .portrait, id: "op")
            return try await client.ask("create_image", .portrait, id: "op").code == "OPERATION_CONFLICT"
        },
        ModeProbe("errors-are-forgotten") { client in
            let bytes: [UInt8] = [1, 2, 3]
            let request: [String: JSONValue] = .portrait.with(["sha256": .string(name(of: bytes)), "size": 3])
            let first = try await client.ask("create_image", request, id: "op")
            #expect(first.code == "ASSET_NOT_FOUND")
            try await client.bench.put(bytes)
            return try await client.ask("create_image", request, id: "op").isSuccess
        },
        ModeProbe("missing-images-are-forgotten") { client in
            let missing = try await client.ask("delete_image", ["image_id": "none"], id: "op")
            #expect(missing.code == "IMAGE_NOT_FOUND")
            // What is not remembered is no conflict.
            return try await client.ask("delete_image", ["image_id": "other"], id: "op").code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("true-is-the-same-as-1") { client in
            try await client.ask("delete_image", ["image_id": "none", "more": 1], id: "op")
            let again = try await client.ask("delete_image", ["image_id": "none", "more": true], id: "op")
            return again.code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("conflicts-are-not-seen") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            let second = try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            return second.id == first.id
        },
        ModeProbe("data-alone-is-compared") { client in
            let id = JSONValue.string(try await client.create().id)
            let first = try await client.ask("delete_image", ["image_id": id], id: "op")
            let other = try await client.ask("delete_image", ["image_id": "none"], id: "op")
            #expect(other.code == "OPERATION_CONFLICT")
            return try await client.ask("get_image", ["image_id": id], id: "op").data == first.data
        },
        ModeProbe("operations-are-forgotten-soon") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            client.bench.putForward(ms: 2000)
            return try await client.ask("create_image", .portrait, id: "op").id != first.id
        },
        ModeProbe("payloads-compared-as-text") { client in
            try await client.ask("delete_image", ["image_id": "none", "more": 1], id: "op")
            let again = #"{"operation":"delete_image","operation_id":"op","data":{"more":1.0,"image_id":"none"}}"#
            try await client.publish(body: Array(again.utf8), id: "op")
            let replies = try await client.wait { client in
                let replies = client.heard.filter(\.isMine)
                return replies.count == 2 ? replies : nil
            }
            return replies[1].code == "OPERATION_CONFLICT"
        },
        ModeProbe("ignores-repeats-under-way") { client in
            try await inSomeTry {
                let id = client.freshID()
                try await client.publish("create_image", .portrait, id: id)
                try await client.publish("create_image", .portrait, id: id)
                return try await client.misses { $0.heard.count { $0.isMine && $0.operationID == id } == 2 }
            }
        },
        ModeProbe(
            "no-room-is-remembered",
            ModeBench.Options(limits: StorageLimits.ofOneVersion),
            { client in
                let id = JSONValue.string(try await client.create().id)
                let full = try await client.ask("create_image", .portrait, id: "op")
                #expect(full.code == "STORAGE_FULL")
                try await client.ask("delete_image", ["image_id": id])
                return try await client.ask("create_image", .portrait, id: "op").code == "STORAGE_FULL"
            }
        ),
        ModeProbe("conflict-is-remembered") { client in
            try await client.ask("create_image", .portrait, id: "op")
            try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            return try await client.ask("create_image", .portrait, id: "op").code == "OPERATION_CONFLICT"
        },
        ModeProbe("repeats-are-read-again") { client in
            let image = try await client.ask("create_image", .portrait, id: "op")
            try await client.ask("delete_image", ["image_id": .string(image.id)])
            return try await client.ask("create_image", .portrait, id: "op").code == "IMAGE_NOT_FOUND"
        },
    ]
}

extension StorageLimits {
    /// Room for one version of one image.
    static var ofOneVersion: StorageLimits {
        var limits = StorageLimits()
        limits.versionsMax = 1
        return limits
    }
}
