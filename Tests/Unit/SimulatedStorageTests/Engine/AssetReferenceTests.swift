import HubProtocol
import JSON
import SimulatedStorage
import Testing

/// What a `sha256` in a request asks of the assets.
@Suite struct AssetReferenceTests {
    let content: [String: JSONValue] = ["sha256": .string(assetName("a")), "size": 4]

    @Test(arguments: StoreUnderTest.allCases)
    func theAssetMustBeThere(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let reply = try await bench.ask("create_image", .portrait.with(content))
        #expect(reply.code == "ASSET_NOT_FOUND")
        #expect(reply.details == ["sha256": .string(assetName("a"))])
        #expect(try await bench.ask("list_images").data["total"] == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func theSizeMustBeThatOfTheAsset(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        try await bench.putAsset(assetName("a"), size: 5)
        let reply = try await bench.ask("create_image", .portrait.with(content))
        #expect(reply.code == "VALIDATION_ERROR")
        #expect(reply.details["errors"]?.array?.first?["field"] == "data.size")
    }

    @Test(arguments: StoreUnderTest.allCases)
    func referencesAreCountedThroughEveryChange(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        try await bench.putAsset(assetName("a"), size: 4)
        func references() async throws -> Int? {
            try await bench.store.transact(.reading) { reader throws(RecordStoreError) in
                (try reader.asset(assetName("a"))?.references, [])
            }
        }
        #expect(try await references() == 0)
        let first = try await bench.ask("create_image", .portrait.with(content))
        #expect(first.data["sha256"] == .string(assetName("a")))
        #expect(try await references() == 1)
        _ = try await bench.ask("create_image_version", .content.with(content).with(["image_id": .string(first.id)]))
        let second = try await bench.ask("create_image", .portrait.with(content))
        #expect(try await references() == 3)
        _ = try await bench.ask("update_image", ["image_id": .string(first.id), "name": "n"])
        _ = try await bench.ask("create_image", .portrait)
        #expect(try await references() == 3)
        _ = try await bench.ask("delete_image", ["image_id": .string(first.id)])
        #expect(try await references() == 1)
        _ = try await bench.ask("delete_image", ["image_id": .string(second.id)])
        #expect(try await references() == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func versionsAskForTheirAssetsToo(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let image = try await bench.ask("create_image", .portrait)
        let data = [String: JSONValue].content.with(content).with(["image_id": .string(image.id)])
        #expect(try await bench.ask("create_image_version", data).code == "ASSET_NOT_FOUND")
        try await bench.putAsset(assetName("a"), size: 4)
        #expect(try await bench.ask("create_image_version", data).version == 2)
        #expect(try await bench.ask("create_image_version", data.with(["size": 3])).code == "VALIDATION_ERROR")
    }
}
