import HubProtocol
import ImageService
import JSON
import Logging
import MessageHub
import Synchronization
import Testing

@Suite struct StorageClientTests {
    static func client(_ storage: FakeStorage) -> StorageClient {
        let next = Mutex(0)
        return StorageClient(
            hub: storage,
            assets: storage,
            timeout: .seconds(5),
            time: .real,
            makeOperationID: {
                next.withLock {
                    $0 += 1; return "op-\($0)"
                }
            },
            logger: .silent
        )
    }

    @Test func bytesComeBeforeTheRecordUnderOneID() async throws {
        let storage = FakeStorage()
        let record = try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        #expect(record.content.sha256 == Samples.sha256)
        #expect(
            storage.events == [
                .put(Samples.sha256, operationID: "op-1"), .operation(.createImage, operationID: "op-1"),
            ]
        )
        guard case .createImage(let sent) = storage.operations[0] else { Issue.record("no create_image"); return }
        #expect(sent.content == Samples.image.content(at: AssetName.path(of: Samples.sha256)))
        #expect(sent.name == "Portrait Name")
    }

    struct Refusal: Sendable {
        var trouble: StorageTrouble
        var isNew: Bool
        var isDeleted: Bool
    }

    @Test(arguments: [
        Refusal(trouble: .rejected(code: "VALIDATION_ERROR", message: ""), isNew: true, isDeleted: true),
        Refusal(trouble: .rejected(code: "STORAGE_FULL", message: ""), isNew: true, isDeleted: true),
        Refusal(trouble: .rejected(code: "VALIDATION_ERROR", message: ""), isNew: false, isDeleted: false),
        // The effect may exist, or may still come to be.
        Refusal(trouble: .timedOut, isNew: true, isDeleted: false),
        Refusal(trouble: .invalidResponse(""), isNew: true, isDeleted: false),
        Refusal(trouble: .unavailable(""), isNew: true, isDeleted: false),
        Refusal(trouble: .cancelled, isNew: true, isDeleted: false),
    ])
    func anAssetGoesOnlyAfterARefusalOfWhoBroughtIt(_ refusal: Refusal) async {
        let storage = FakeStorage(
            operation: { _, _ throws(StorageTrouble) in throw refusal.trouble },
            put: { _, _ throws(StorageTrouble) in StoredAsset(url: "/a", isNew: refusal.isNew) }
        )
        await #expect(throws: StorageFault(refusal.trouble, operationID: "op-1")) {
            try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        }
        #expect(storage.events.contains(.delete(Samples.sha256)) == refusal.isDeleted)
    }

    @Test func aFailedCleanUpChangesNothingForTheCaller() async {
        let refusal = StorageTrouble.rejected(code: "VALIDATION_ERROR", message: "")
        let storage = FakeStorage(
            operation: { _, _ throws(StorageTrouble) in throw refusal },
            delete: { _ throws(StorageTrouble) in throw .unavailable("gone") }
        )
        await #expect(throws: StorageFault(refusal, operationID: "op-1")) {
            try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        }
    }

    @Test func bytesThatStorageRefusesAreNotAskedARecordFor() async {
        let storage = FakeStorage(put: { _, _ throws(StorageTrouble) in throw .timedOut })
        await #expect(throws: StorageFault(.timedOut, operationID: "op-1")) {
            try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        }
        #expect(storage.events == [.put(Samples.sha256, operationID: "op-1")])
    }

    @Test func aMissingAssetIsPutOnceMore() async throws {
        let storage = FakeStorage(operation: { operation, count throws(StorageTrouble) in
            if count == 1 { throw .rejected(code: "ASSET_NOT_FOUND", message: "") }
            return FakeStorage.success(operation)
        })
        _ = try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        #expect(
            storage.events == [
                .put(Samples.sha256, operationID: "op-1"), .operation(.createImage, operationID: "op-1"),
                .put(Samples.sha256, operationID: "op-2"), .operation(.createImage, operationID: "op-2"),
            ]
        )
    }

    @Test func aMissingAssetIsPutOnceMoreAndNotTwice() async {
        let missing = StorageTrouble.rejected(code: "ASSET_NOT_FOUND", message: "")
        let storage = FakeStorage(
            operation: { _, _ throws(StorageTrouble) in throw missing },
            // The first try brought it; that counts for the clean-up, though the second finds it there.
            put: { _, count throws(StorageTrouble) in StoredAsset(url: "/a", isNew: count == 1) }
        )
        await #expect(throws: StorageFault(missing, operationID: "op-2")) {
            try await Self.client(storage).create(Samples.labels, image: Samples.image, trace: nil)
        }
        #expect(storage.events.count == 5)
        #expect(storage.events.last == .delete(Samples.sha256))
    }

    struct Wrong: Sendable {
        var what: String
        var answer: @Sendable (StorageOperation) -> JSONValue
        var ask: @Sendable (StorageClient) async throws(StorageFault) -> Void
    }

    static let wrongs: [Wrong] = [
        Wrong(what: "no record", answer: { _ in ["id": "x"] }) { client async throws(StorageFault) in
            _ = try await client.image(Samples.imageID, trace: nil)
        },
        Wrong(what: "another image", answer: { _ in Samples.record(id: "other").json }) {
            client async throws(StorageFault) in
            _ = try await client.image(Samples.imageID, trace: nil)
        },
        Wrong(what: "another version", answer: { _ in Samples.record(version: 2).json }) {
            client async throws(StorageFault) in
            _ = try await client.image(Samples.imageID, version: 1, trace: nil)
        },
        Wrong(
            what: "another digest",
            answer: { _ in
                var record = Samples.record()
                record.content.sha256 = String(repeating: "b", count: 64)
                return record.json
            }
        ) { client async throws(StorageFault) in
            _ = try await client.create(Samples.labels, image: Samples.image, trace: nil)
        },
        Wrong(
            what: "a page that is too long",
            answer: { _ in
                ImagePage(images: [Samples.record(), Samples.record(id: "b")], total: 9).json
            }
        ) { client async throws(StorageFault) in
            _ = try await client.images(ListImages(limit: 1), trace: nil)
        },
        Wrong(
            what: "a total that is too small",
            answer: { _ in
                ImagePage(images: [Samples.record()], total: 0).json
            }
        ) { client async throws(StorageFault) in
            _ = try await client.images(ListImages(limit: 1), trace: nil)
        },
        Wrong(what: "another image deleted", answer: { _ in DeletedImage(id: "other").json }) {
            client async throws(StorageFault) in
            try await client.delete(Samples.imageID, trace: nil)
        },
        Wrong(what: "no versions", answer: { _ in [] }) { client async throws(StorageFault) in
            _ = try await client.versions(ListImageVersions(imageID: Samples.imageID), trace: nil)
        },
        Wrong(what: "nothing", answer: { _ in .null }) { client async throws(StorageFault) in
            _ = try await client.update(UpdateImage(imageID: Samples.imageID, name: "n"), trace: nil)
        },
    ]

    @Test(arguments: wrongs.indices)
    func anAnswerToAnotherQuestionIsNone(index: Int) async throws {
        let wrong = Self.wrongs[index]
        let client = Self.client(
            FakeStorage(operation: { operation, _ throws(StorageTrouble) in wrong.answer(operation) })
        )
        let fault = try #require(
            await Self.fault { () async throws(StorageFault) in try await wrong.ask(client) },
            "\(wrong.what)"
        )
        guard case .invalidResponse = fault.trouble else { Issue.record("\(wrong.what): \(fault)"); return }
        #expect(fault.operationID == "op-1")
    }

    static func fault(_ body: () async throws(StorageFault) -> Void) async -> StorageFault? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}
