import HubProtocol
import Testing

/// The names that both sides share, letter by letter: they are the contract.
@Suite struct NamesTests {
    @Test func topology() {
        #expect(Topology() == Topology(exchange: "message_hub", queue: "storage_service"))
        #expect(Topology.Key.request == "storage.request")
        #expect(Topology.Key.response == "storage.response")
        #expect(Topology.Key.announce == "discovery.announce")
        #expect(Topology.Key.query == "discovery.query")
        #expect(Topology.contentType == "application/json")
        #expect(Topology.App.imageService == "image_service")
        #expect(Topology.App.storageService == "storage_service")
    }

    @Test func operationsAndWhatIsRemembered() {
        #expect(
            OperationName.allCases.map(\.rawValue) == [
                "create_image", "get_image", "list_images", "update_image", "create_image_version",
                "list_image_versions", "delete_image",
            ]
        )
        #expect(
            OperationName.allCases.filter(\.hasEffect) == [
                .createImage, .updateImage, .createImageVersion, .deleteImage,
            ]
        )
        #expect(StorageErrorCode.allCases.filter { !$0.isRemembered } == [.storageFull, .internalError])
    }

    @Test func assetNames() {
        let name = AssetName.from(digest: (0..<32).map { UInt8($0 * 8) })
        #expect(name == "0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8")
        #expect(AssetName.isValid(name))
        #expect(AssetName.path(of: name) == "/api/v2/assets/" + name)
        for wrong in [
            "", name.uppercased(), String(name.dropLast()), name + "0", name.dropLast() + "g", name.dropLast() + "é",
        ] {
            #expect(!AssetName.isValid(wrong), "\(wrong)")
        }
    }

    @Test func aQueryAsksByNameOrEverybody() {
        #expect(ServiceQuery(service: "*").asks("storage_service"))
        #expect(ServiceQuery(service: "storage_service").asks("storage_service"))
        #expect(!ServiceQuery(service: "image_service").asks("storage_service"))
    }

    @Test func errorCodesOfAnotherVersionAreKept() {
        #expect(StorageFailure(code: "TEA_POT", message: "m").knownCode == nil)
        #expect(StorageFailure(.storageFull, "m").code == "STORAGE_FULL")
    }
}
