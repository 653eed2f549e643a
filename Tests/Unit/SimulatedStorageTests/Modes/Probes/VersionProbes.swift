import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofVersions: [ModeProbe] = [
        ModeProbe("new-version-has-the-old-number") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("create_image_version", .content.with(["image_id": id]))
            let isRight = try await client.ask("get_image", ["image_id": id]).version == 2
            #expect(isRight)
            return reply.version == 1
        },
        ModeProbe("expected-version-is-ignored") { client in
            let id = JSONValue.string(try await client.create().id)
            let request: [String: JSONValue] = .content.with(["image_id": id, "expected_version": 7])
            return try await client.ask("create_image_version", request).isSuccess
        },
        ModeProbe("expected-version-is-raced") { client in
            try await inSomeTry {
                let id = try await client.create().id
                let request: [String: JSONValue] = .content.with(["image_id": .string(id), "expected_version": 1])
                let ids = [client.freshID(), client.freshID(), client.freshID()]
                for id in ids { try await client.publish("create_image_version", request, id: id) }
                let replies = try await client.wait { client in
                    let replies = client.heard.filter { ids.contains($0.operationID ?? "") && $0.isMine }
                    return replies.count == 3 ? replies : nil
                }
                // One after the other, nobody is raced.
                let stale = try await client.ask("create_image_version", request)
                #expect(stale.code == "VERSION_CONFLICT")
                return replies.count(where: \.isSuccess) > 1
            }
        },
        ModeProbe("old-versions-are-dropped") { client in
            let id = try await client.createTwoVersions()
            let old = try await client.ask("get_image", ["image_id": id, "version": 1])
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return old.code == "VERSION_NOT_FOUND" && versions?.count == 1
        },
        ModeProbe("versions-descending") { client in
            let id = try await client.createTwoVersions()
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return versions?.map { $0["version"] } == [2, 1]
        },
        ModeProbe("versions-without-created-at") { client in
            let id = try await client.createTwoVersions()
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return versions?.count == 2 && versions?.allSatisfy { $0["created_at"] == nil } == true
        },
        ModeProbe("versions-are-10-by-default") { client in
            let id = JSONValue.string(try await client.create().id)
            for _ in 0..<10 { try await client.ask("create_image_version", .content.with(["image_id": id])) }
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return versions?.count == 10
        },
        ModeProbe("versions-of-1970") { client in
            let id = try await client.createTwoVersions()
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return versions?.count == 2
                && versions?.allSatisfy { $0["created_at"] == "1970-01-01T00:00:00.000Z" } == true
        },
        ModeProbe("assets-of-versions-are-not-looked-for") { client in
            let id = JSONValue.string(try await client.create().id)
            let content: [String: JSONValue] = .content.with(["image_id": id, "sha256": .string(assetName("a"))])
            let image = try await client.create(["sha256": .string(assetName("a"))])
            #expect(image.code == "ASSET_NOT_FOUND")
            return try await client.ask("create_image_version", content).isSuccess
        },
        ModeProbe("asset-sizes-of-versions-are-not-compared") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            let wrong: [String: JSONValue] = ["sha256": .string(name(of: bytes)), "size": 4]
            let refused = try await client.create(wrong)
            #expect(refused.code == "VALIDATION_ERROR")
            let id = JSONValue.string(try await client.create().id)
            let content: [String: JSONValue] = .content.with(["image_id": id]).with(wrong)
            return try await client.ask("create_image_version", content).isSuccess
        },
        ModeProbe("new-version-resets-the-theme") { client in
            let id = try await client.createTwoVersions()
            return try await client.ask("get_image", ["image_id": id]).data["metadata"]?["theme"] == "default"
        },
        ModeProbe("needs-expected-version") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("create_image_version", .content.with(["image_id": id]))
            return reply.code == "VALIDATION_ERROR"
        },
        ModeProbe("version-of-no-image-is-invalid") { client in
            let reply = try await client.ask("create_image_version", .content.with(["image_id": "none"]))
            return reply.code == "VALIDATION_ERROR"
        },
        ModeProbe("expected-version-0-is-none") { client in
            let id = JSONValue.string(try await client.create().id)
            let request: [String: JSONValue] = .content.with(["image_id": id, "expected_version": 0])
            return try await client.ask("create_image_version", request).isSuccess
        },
        ModeProbe("versions-without-pages") { client in
            let id = try await client.createTwoVersions()
            let reply = try await client.ask("list_image_versions", ["image_id": id, "limit": 1])
            return reply.data["versions"]?.array?.count == 2
        },
        ModeProbe("versions-of-no-image-are-none") { client in
            try await client.ask("list_image_versions", ["image_id": "none"]).data["versions"] == []
        },
        ModeProbe("versions-all-have-the-newest-content") { client in
            let id = try await client.createTwoVersions()
            let versions = try await client.ask("list_image_versions", ["image_id": id]).data["versions"]?.array
            return versions?.map { $0["format"] } == ["webp", "webp"]
        },
    ]
}

extension ModeClient {
    /// Makes an image with two versions.
    func createTwoVersions() async throws -> JSONValue {
        let id = JSONValue.string(try await create().id)
        try await ask("create_image_version", .content.with(["image_id": id]))
        return id
    }
}
