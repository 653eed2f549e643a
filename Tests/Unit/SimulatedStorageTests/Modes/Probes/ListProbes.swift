import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofLists: [ModeProbe] = [
        ModeProbe("newest-first") { client in
            let ids = try await client.createThree()
            return try await client.listed() == ids.reversed()
        },
        ModeProbe("sorted-by-id") { client in
            // By chance the two orders are the same for few.
            let ids = try await client.createThree() + client.createThree() + client.createThree()
            let listed = try await client.listed()
            return listed == ids.sorted() && listed != ids
        },
        ModeProbe("last-changed-last") { client in
            let ids = try await client.createThree()
            try await client.ask("update_image", ["image_id": .string(ids[0]), "name": "Other"])
            return try await client.listed() == [ids[1], ids[2], ids[0]]
        },
        ModeProbe("filters-without-case") { client in
            try await client.create()
            return try await client.ask("list_images", ["type": "PORTRAIT"]).data["total"] == 1
        },
        ModeProbe("filters-are-patterns") { client in
            try await client.create()
            return try await client.ask("list_images", ["type": "port*"]).data["total"] == 1
        },
        ModeProbe("any-filter-matches") { client in
            try await client.create()
            let filter: [String: JSONValue] = ["type": "portrait", "theme": "other"]
            return try await client.ask("list_images", filter).data["total"] == 1
        },
        ModeProbe("total-of-the-page") { client in
            _ = try await client.createThree()
            return try await client.ask("list_images", ["limit": 2]).data["total"] == 2
        },
        ModeProbe("total-of-everything") { client in
            _ = try await client.createThree()
            return try await client.ask("list_images", ["type": "none"]).data["total"] == 3
        },
        ModeProbe("skip-is-1-by-default") { client in
            let ids = try await client.createThree()
            let all = try await client.listed(["skip": 0])
            #expect(all == ids)
            return try await client.listed() == Array(ids.dropFirst())
        },
        ModeProbe("limit-is-20-by-default") { client in
            for _ in 0..<7 { _ = try await client.createThree() }
            return try await client.listed().count == 20
        },
        ModeProbe("page-bounds-are-clamped") { client in
            let many = try await client.ask("list_images", ["limit": 1001])
            return try await client.ask("list_images", ["skip": -1]).isSuccess && many.isSuccess
        },
        ModeProbe("total-is-lost-past-the-end") { client in
            _ = try await client.createThree()
            return try await client.ask("list_images", ["skip": 3]).data["total"] == 0
        },
        ModeProbe("skip-past-the-end-is-invalid") { client in
            _ = try await client.createThree()
            return try await client.ask("list_images", ["skip": 3]).code == "VALIDATION_ERROR"
        },
        ModeProbe("skip-after-limit") { client in
            _ = try await client.createThree()
            return try await client.listed(["skip": 1, "limit": 2]).count == 1
        },
        ModeProbe("limit-is-ignored") { client in
            _ = try await client.createThree()
            return try await client.listed(["limit": 2]).count == 3
        },
        ModeProbe("page-of-250-at-most") { client in
            let ids = (0..<251).map { _ in client.freshID() }
            for id in ids { try await client.publish("create_image", .portrait, id: id) }
            try await client.wait { client in client.heard.count(where: \.isMine) == ids.count ? true : nil }
            return try await client.listed(["limit": 1000]).count == 250
        },
        ModeProbe("lists-show-first-versions") { client in
            _ = try await client.createTwoVersions()
            return try await client.ask("list_images").data["images"]?.array?.first?["version"] == 1
        },
        ModeProbe("lists-show-images-as-created") { client in
            let id = JSONValue.string(try await client.create().id)
            let updated = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            let listed = try await client.ask("list_images").data["images"]?.array?.first
            return listed?["metadata"]?["updated_at"]?.string != updated.updatedAt
        },
    ]
}

extension ModeClient {
    /// Makes three images, one after the other, each at another time.
    func createThree() async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<3 {
            ids.append(try await create().id)
            try await Task.sleep(for: .milliseconds(2))
        }
        return ids
    }

    /// The ids of the images of a page.
    func listed(_ data: [String: JSONValue] = [:]) async throws -> [String] {
        try await ask("list_images", data).data["images"]?.array?.compactMap { $0["id"]?.string } ?? []
    }
}
