import JSON

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
    ]
}

extension ModeClient {
    /// Ends the storage, and starts another on the same store.
    func restart() async throws {
        await bench.stop()
        try await bench.start()
    }
}
