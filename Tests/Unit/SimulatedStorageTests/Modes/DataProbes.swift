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
        ModeProbe("urls-of-255-at-most") { client in
            try await client.create(["url": .string(String(repeating: "a", count: 2048))]).code == "VALIDATION_ERROR"
        },
    ]

    static let ofOperations: [ModeProbe] = [
        ModeProbe("no-delete") { client in
            try await client.query("*")
            let announced = try await client.wait { $0.announcements.first }.json["operations"]?.array ?? []
            let code = try await client.ask("delete_image", ["image_id": "none"]).code
            return code == "UNKNOWN_OPERATION" && !announced.contains("delete_image")
        },
        ModeProbe("no-versions") { client in
            let id = try await client.create().id
            return try await client.ask("list_image_versions", ["image_id": .string(id)]).code == "UNKNOWN_OPERATION"
        },
        ModeProbe("unknown-operations-are-invalid") { try await $0.ask("sing").code == "VALIDATION_ERROR" },
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
        ModeProbe("filters-without-case") { client in
            try await client.create()
            return try await client.ask("list_images", ["type": "PORTRAIT"]).data["total"] == 1
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
        ModeProbe("skip-after-limit") { client in
            _ = try await client.createThree()
            return try await client.listed(["skip": 1, "limit": 2]).count == 1
        },
        ModeProbe("limit-is-ignored") { client in
            _ = try await client.createThree()
            return try await client.listed(["limit": 2]).count == 3
        },
        ModeProbe("lists-show-images-as-created") { client in
            let id = JSONValue.string(try await client.create().id)
            let updated = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            let listed = try await client.ask("list_images").data["images"]?.array?.first
            return listed?["metadata"]?["updated_at"]?.string != updated.updatedAt
        },
        ModeProbe("assets-of-versions-are-not-looked-for") { client in
            let id = JSONValue.string(try await client.create().id)
            let content: [String: JSONValue] = .content.with(["image_id": id, "sha256": .string(assetName("a"))])
            let image = try await client.create(["sha256": .string(assetName("a"))])
            #expect(image.code == "ASSET_NOT_FOUND")
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
