import HubProtocol
import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofValues: [ModeProbe] = [
        ModeProbe("timestamps-without-milliseconds") { client in
            let reply = try await client.create()
            let isRight = try await client.wait { $0.events.first }.updatedAt == reply.updatedAt
            #expect(isRight)
            return reply.updatedAt.count == 20 && reply.updatedAt.last == "Z"
        },
        ModeProbe("timestamps-with-offset") { try await $0.create().updatedAt.hasSuffix("+00:00") },
        ModeProbe("updated-at-in-whole-seconds") { client in
            var times = [try await client.create()].map(\.updatedAt)
            let id = try await client.wait { $0.events.first }.id
            for _ in 0..<6 {
                times.append(try await client.ask("update_image", ["image_id": .string(id), "name": "A"]).updatedAt)
            }
            #expect(times.allSatisfy { Timestamp($0) != nil })
            return zip(times, times.dropFirst()).contains { $0 >= $1 }
        },
        ModeProbe("record-without-subtype") { client in
            let reply = try await client.create()
            let listed = try await client.ask("list_images").data["images"]?.array?.first
            return reply.data["subtype"] == nil && listed?["subtype"] == nil
        },
        ModeProbe("theme-beside-metadata") { client in
            let data = try await client.create().data
            return data["theme"] == "fantasy" && data["metadata"]?["theme"] == nil
        },
        ModeProbe("missing-sha256-is-empty") { try await $0.create().data["sha256"] == "" },
        ModeProbe("names-are-trimmed") { try await $0.create(["name": " A B "]).data["name"] == "A B" },
        ModeProbe("names-are-trimmed-in-updates") { client in
            let image = try await client.create(["name": " A "])
            #expect(image.data["name"] == " A ")
            let updated = try await client.ask("update_image", ["image_id": .string(image.id), "name": " B "])
            return updated.data["name"] == "B"
        },
        ModeProbe("urls-are-made-absolute") { client in
            try await client.create(["url": "/a/1.png"]).data["url"]?.string?.hasPrefix("http://") == true
        },
        ModeProbe("lengths-in-bytes") { client in
            try await client.create(["name": .string(String(repeating: "ü", count: 255))]).code == "VALIDATION_ERROR"
        },
        ModeProbe("texts-of-100-at-most") { client in
            try await client.create(["theme": .string(String(repeating: "a", count: 101))]).code == "VALIDATION_ERROR"
        },
        ModeProbe("long-texts-are-cut") { client in
            try await client.create(["name": .string(String(repeating: "a", count: 256))]).isSuccess
        },
        ModeProbe("empty-texts-are-untitled") { try await $0.create(["name": ""]).isSuccess },
        ModeProbe("numbers-from-strings") { try await $0.create(["width": "512"]).isSuccess },
        ModeProbe("missing-fields-get-defaults") { try await $0.create(["subtype": nil]).isSuccess },
        ModeProbe("width-0-is-unknown") { try await $0.create(["width": 0]).isSuccess },
        ModeProbe("urls-must-be-absolute") { try await $0.create(["url": "a/1.png"]).code == "VALIDATION_ERROR" },
        ModeProbe("upper-case-digests-are-taken") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            let sha256 = JSONValue.string(name(of: bytes).uppercased())
            return try await client.create(["sha256": sha256, "size": 3]).isSuccess
        },
        ModeProbe("created-at-moves") { client in
            let image = try await client.create()
            let updated = try await client.ask("update_image", ["image_id": .string(image.id), "name": "Other"])
            return updated.data["metadata"]?["created_at"] != image.data["metadata"]?["created_at"]
        },
        ModeProbe("control-characters-are-dropped") { try await $0.create(["name": "A\u{7}B"]).data["name"] == "AB" },
        ModeProbe("control-characters-are-dropped-in-updates") { client in
            let refused = try await client.create(["name": "A\u{7}B"])
            #expect(refused.code == "VALIDATION_ERROR")
            let id = JSONValue.string(try await client.create().id)
            return try await client.ask("update_image", ["image_id": id, "name": "A\u{7}B"]).data["name"] == "AB"
        },
        ModeProbe("negative-sizes-are-0") { try await $0.create(["size": -1]).isSuccess },
        ModeProbe("numbers-in-32-bits") { client in
            try await client.create(["size": 9_007_199_254_740_991]).data["size"] == 2_147_483_647
        },
        ModeProbe("ids-in-upper-case") { client in
            let id = try await client.create().id
            let got = try await client.ask("get_image", ["image_id": .string(id)])
            #expect(got.id == id)
            return id == id.uppercased() && id.count == 36
        },
        ModeProbe("ids-that-are-no-uuids") { try await $0.create().id.hasPrefix("img_") },
        ModeProbe("long-urls-are-cut") { client in
            try await client.create(["url": .string(String(repeating: "a", count: 2049))]).isSuccess
        },
        ModeProbe("long-urls-of-versions-are-cut") { client in
            let url = JSONValue.string(String(repeating: "a", count: 2049))
            let refused = try await client.create(["url": url])
            #expect(refused.code == "VALIDATION_ERROR")
            let id = JSONValue.string(try await client.create().id)
            let content: [String: JSONValue] = .content.with(["image_id": id, "url": url])
            return try await client.ask("create_image_version", content).isSuccess
        },
        ModeProbe("urls-of-255-at-most") { client in
            try await client.create(["url": .string(String(repeating: "a", count: 2048))]).code == "VALIDATION_ERROR"
        },
    ]
}
