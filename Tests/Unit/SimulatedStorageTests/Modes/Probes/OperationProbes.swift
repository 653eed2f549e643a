import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofOperations: [ModeProbe] = [
        ModeProbe("no-delete") { client in
            try await client.query("*")
            let announced = try await client.wait { $0.announcements.first }.json["operations"]?.array ?? []
            let code = try await client.ask("delete_image", ["image_id": "none"]).code
            return code == "UNKNOWN_OPERATION" && !announced.contains("delete_image")
        },
        ModeProbe("no-lists") { try await $0.ask("list_images").code == "UNKNOWN_OPERATION" },
        ModeProbe("no-versions") { client in
            let id = try await client.create().id
            return try await client.ask("list_image_versions", ["image_id": .string(id)]).code == "UNKNOWN_OPERATION"
        },
        ModeProbe("unknown-operations-are-invalid") { try await $0.ask("sing").code == "VALIDATION_ERROR" },
        ModeProbe("update-answers-the-first-version") { client in
            let id = try await client.createTwoVersions()
            let reply = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            let read = try await client.ask("get_image", ["image_id": id])
            #expect(read.version == 2 && read.data["name"] == "Other")
            return reply.version == 1 && reply.data["name"] == "Other"
        },
        ModeProbe("ids-are-used-again") { client in
            let id = try await client.create().id
            try await client.ask("delete_image", ["image_id": .string(id)])
            let again = try await client.create()
            let events = try await client.wait { $0.events.count == 3 ? $0.events : nil }
            #expect(events[2].id == again.id)
            return again.id == id
        },
        ModeProbe("updated-at-after-created-at") { client in
            let record = try await client.create()
            let got = try await client.ask("get_image", ["image_id": .string(record.id)])
            #expect(got.data == record.data)
            return record.data["metadata"]?["created_at"]?.string != record.updatedAt
        },
        ModeProbe("versions-from-0") { try await $0.create().version == 0 },
        ModeProbe("assets-are-not-looked-for") { client in
            let sha256 = JSONValue.string(assetName("a"))
            let reply = try await client.create(["sha256": sha256])
            return reply.isSuccess && reply.data["sha256"] == sha256
        },
        ModeProbe("asset-sizes-are-not-compared") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            return try await client.create(["sha256": .string(name(of: bytes)), "size": 4]).isSuccess
        },
        ModeProbe("needs-sha256") { try await $0.create().code == "VALIDATION_ERROR" },
        ModeProbe("first-content-is-answered") { client in
            let id = try await client.createTwoVersions()
            return try await client.ask("get_image", ["image_id": id]).version == 1
        },
        ModeProbe("version-is-ignored") { client in
            let id = try await client.createTwoVersions()
            return try await client.ask("get_image", ["image_id": id, "version": 1]).version == 2
        },
        ModeProbe("missing-version-is-the-newest") { client in
            let id = try await client.createTwoVersions()
            return try await client.ask("get_image", ["image_id": id, "version": 3]).version == 2
        },
        ModeProbe("version-0-is-the-newest") { client in
            let id = try await client.createTwoVersions()
            return try await client.ask("get_image", ["image_id": id, "version": 0]).version == 2
        },
        ModeProbe("missing-image-is-invalid") { client in
            try await client.ask("get_image", ["image_id": "none"]).code == "VALIDATION_ERROR"
        },
        ModeProbe("image-ids-must-be-uuids") { client in
            try await client.ask("delete_image", ["image_id": "none"]).code == "VALIDATION_ERROR"
        },
        ModeProbe("update-resets-other-fields") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            #expect(reply.data["name"] == "Other")
            return reply.data["metadata"]?["theme"] != "fantasy"
        },
        ModeProbe("update-takes-whatever-is-given") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("update_image", ["image_id": id, "name": "Other", "url": "/other"])
            return try await client.ask("get_image", ["image_id": id]).data["url"] == "/other"
        },
        ModeProbe("update-raises-the-version") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            let isRight = try await client.ask("get_image", ["image_id": id]).data == reply.data
            #expect(isRight)
            return reply.version == 2
        },
        ModeProbe("update-of-nothing-succeeds") { client in
            let id = JSONValue.string(try await client.create().id)
            return try await client.ask("update_image", ["image_id": id]).isSuccess
        },
        ModeProbe("equal-update-is-skipped") { client in
            let image = try await client.create()
            let request: [String: JSONValue] = ["image_id": .string(image.id), "name": "Portrait Name"]
            return try await client.ask("update_image", request).updatedAt == image.updatedAt
        },
        ModeProbe("second-delete-succeeds") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("delete_image", ["image_id": id])
            return try await client.ask("delete_image", ["image_id": id]).isSuccess
        },
        ModeProbe("delete-answers-no-id") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("delete_image", ["image_id": id])
            return reply.isSuccess && reply.data["id"] == nil
        },
        ModeProbe("deleted-images-stay-listed") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("delete_image", ["image_id": id])
            let gone = try await client.ask("get_image", ["image_id": id])
            #expect(gone.code == "IMAGE_NOT_FOUND")
            return try await client.ask("list_images").data["total"] == 1
        },
        ModeProbe("deleted-images-keep-their-versions") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("delete_image", ["image_id": id])
            return try await client.ask("list_image_versions", ["image_id": id]).isSuccess
        },
        ModeProbe("replies-of-before") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            let got = try await client.ask("get_image", ["image_id": id])
            #expect(got.data["name"] == "Other")
            return reply.data["name"] == "Portrait Name"
        },
        ModeProbe("width-and-height-swapped") { try await $0.create(["width": 3]).data["height"] == 3 },
        ModeProbe("equal-images-are-one") { client in
            let first = try await client.create()
            return try await client.create().id == first.id
        },
        ModeProbe("version-shows-the-newest-number") { client in
            let id = try await client.createTwoVersions()
            let old = try await client.ask("get_image", ["image_id": id, "version": 1])
            return old.version == 2 && old.data["format"] == "png"
        },
        ModeProbe("update-of-no-image-is-invalid") { client in
            try await client.ask("update_image", ["image_id": "none", "name": "A"]).code == "VALIDATION_ERROR"
        },
        ModeProbe("deleted-images-keep-their-assets") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            let sha256 = name(of: bytes)
            let id = try await client.create(["sha256": .string(sha256), "size": 3]).id
            try await client.ask("delete_image", ["image_id": .string(id)])
            return try await client.bench.send("DELETE", "/api/v2/assets/\(sha256)").status == 409
        },
    ]
}
