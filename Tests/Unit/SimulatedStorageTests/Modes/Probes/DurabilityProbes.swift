import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofDurability: [ModeProbe] = [
        ModeProbe("operations-are-forgotten-at-restart") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            try await client.restart()
            return try await client.ask("create_image", .portrait, id: "op").id != first.id
        },
        ModeProbe("last-write-is-lost-at-restart") { client in
            let ids = try await client.createThree()
            try await client.restart()
            return try await client.listed() == Array(ids.dropLast())
        },
        ModeProbe("half-an-image-after-restart") { client in
            let ids = try await client.createThree()
            try await client.restart()
            let newest = try await client.ask("get_image", ["image_id": .string(ids[2])])
            return try await client.listed() == ids && newest.code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("assets-are-lost-at-restart") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            try await client.restart()
            return try await client.bench.get(name(of: bytes)).status == 404
        },
        ModeProbe("older-versions-are-lost-at-restart") { client in
            let image = try await client.create()
            try await client.ask("create_image_version", .content.with(["image_id": .string(image.id)]))
            let first: [String: JSONValue] = ["image_id": .string(image.id), "version": 1]
            let before = try await client.ask("get_image", first)
            #expect(before.data["url"] != "lost")
            try await client.restart()
            return try await client.ask("get_image", first).data["url"] == "lost"
        },
        ModeProbe("content-types-are-lost-at-restart") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes, type: "image/png")
            let before = try await client.bench.get(name(of: bytes))
            #expect(before.headers("Content-Type") == "image/png")
            try await client.restart()
            return try await client.bench.get(name(of: bytes)).headers("Content-Type") == "application/octet-stream"
        },
        ModeProbe("errors-are-forgotten-at-restart") { client in
            let first = try await client.ask("create_image", .portrait.with(["width": 0]), id: "op")
            #expect(first.code == "VALIDATION_ERROR")
            try await client.restart()
            return try await client.ask("create_image", .portrait, id: "op").isSuccess
        },
        ModeProbe("payloads-are-forgotten-at-restart") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            let before = try await client.ask("create_image", .portrait.with(["width": 9]), id: "op")
            #expect(before.code == "OPERATION_CONFLICT")
            try await client.restart()
            return try await client.ask("create_image", .portrait.with(["width": 9]), id: "op").id == first.id
        },
    ]
}

extension ModeClient {
    /// Ends the storage, and starts another on the same store.
    func restart() async throws {
        await bench.stop()
        try await bench.start()
    }
}
