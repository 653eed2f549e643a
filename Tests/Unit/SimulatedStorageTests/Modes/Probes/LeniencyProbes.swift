import JSON

@testable import SimulatedStorage

extension ModeProbe {
    static let ofLeniency: [ModeProbe] = [
        ModeProbe("booleans-are-numbers") { try await $0.create(["width": true]).isSuccess },
        ModeProbe("optional-fields-of-other-types-are-ignored") { client in
            try await client.ask("list_images", ["type": 1]).isSuccess
        },
        ModeProbe("not-a-number-is-json") { client in
            let body = #"{"operation":"list_images","operation_id":"op","data":{"limit":NaN}}"#
            try await client.publish(body: Array(body.utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.isSuccess
        },
        ModeProbe("falsy-data-is-absent") { client in
            let body = #"{"operation":"list_images","operation_id":"op","data":[]}"#
            try await client.publish(body: Array(body.utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.isSuccess
        },
        ModeProbe("image-ids-are-trimmed") { client in
            let id = try await client.create().id
            return try await client.ask("get_image", ["image_id": .string(" \(id)\n")]).isSuccess
        },
        ModeProbe("empty-texts-in-updates-are-absent") { client in
            let id = JSONValue.string(try await client.create().id)
            return try await client.ask("update_image", ["image_id": id, "name": "B", "theme": ""]).isSuccess
        },
        ModeProbe("formats-of-versions-in-lower-case") { client in
            let id = JSONValue.string(try await client.create().id)
            let version: [String: JSONValue] = .content.with(["image_id": id, "format": "PNG"])
            return try await client.ask("create_image_version", version).data["format"] == "png"
        },
        ModeProbe("late-timestamp-ends-the-connection") { client in
            try await client.publish("list_images", id: "op") { $0.timestampSeconds = 253_402_300_800 }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
    ]
}
