import HubProtocol
import ImageService
import JSON
import NIOCore
import Synchronization

/// Both sides of storage, scripted: it notes what it is asked in one list and answers what the test says.
final class FakeStorage: OperationRequester, AssetClient, AssetProber {
    enum Event: Sendable, Equatable {
        case put(String, operationID: String)
        case get(String?)
        case part(Range<Int>)
        case head(String?)
        case delete(String)
        case probe(AssetAccess)
        case operation(OperationName, operationID: String)
    }

    typealias OnOperation = @Sendable (StorageOperation, Int) throws(StorageTrouble) -> JSONValue
    typealias OnPut = @Sendable (UploadedImage, Int) throws(StorageTrouble) -> StoredAsset

    private struct State {
        var events: [Event] = []
        var operations: [StorageOperation] = []
        var calls: [StorageCall] = []
        var puts = 0
    }

    private let state = Mutex(State())
    private let onOperation: OnOperation
    private let onPut: OnPut
    private let onGet: @Sendable (ImageContent) throws(StorageTrouble) -> ByteBuffer
    private let onDelete: @Sendable (String) throws(StorageTrouble) -> Void
    private let onProbe: @Sendable (AssetAccess) throws(StorageTrouble) -> Void

    /// The second argument of `operation` and `put` counts the calls, from 1.
    init(
        operation: @escaping OnOperation = { operation, _ throws(StorageTrouble) in FakeStorage.success(operation) },
        put: @escaping OnPut = { image, _ throws(StorageTrouble) in
            StoredAsset(url: AssetName.path(of: image.sha256), isNew: true)
        },
        get: @escaping @Sendable (ImageContent) throws(StorageTrouble) -> ByteBuffer = {
            content throws(StorageTrouble) in ByteBuffer(repeating: 7, count: content.size)
        },
        delete: @escaping @Sendable (String) throws(StorageTrouble) -> Void = { _ throws(StorageTrouble) in },
        probe: @escaping @Sendable (AssetAccess) throws(StorageTrouble) -> Void = { _ throws(StorageTrouble) in }
    ) {
        onOperation = operation
        onPut = put
        onGet = get
        onDelete = delete
        onProbe = probe
    }

    var events: [Event] { state.withLock { $0.events } }
    var operations: [StorageOperation] { state.withLock { $0.operations } }
    /// What each request to either side carried with it.
    var calls: [StorageCall] { state.withLock { $0.calls } }

    func perform(_ operation: StorageOperation, for call: StorageCall) async throws(StorageTrouble) -> JSONValue {
        let count = state.withLock { state in
            state.events.append(.operation(operation.name, operationID: call.operationID))
            state.operations.append(operation)
            state.calls.append(call)
            return state.operations.count
        }
        return try onOperation(operation, count)
    }

    func put(_ image: UploadedImage, for call: StorageCall) async throws(StorageTrouble) -> StoredAsset {
        let count = state.withLock { state in
            state.events.append(.put(image.sha256, operationID: call.operationID))
            state.calls.append(call)
            state.puts += 1
            return state.puts
        }
        return try onPut(image, count)
    }

    func get(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) -> ByteBuffer {
        note(.get(content.sha256), call)
        return try onGet(content)
    }

    func get(
        _ range: Range<Int>,
        of content: ImageContent,
        for call: StorageCall
    ) async throws(StorageTrouble) -> ByteBuffer {
        note(.part(range), call)
        let bytes = try onGet(content)
        guard let part = bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) else {
            throw .invalidResponse("too few bytes")
        }
        return part
    }

    func head(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) {
        note(.head(content.sha256), call)
        _ = try onGet(content)
    }

    func delete(_ sha256: String, for call: StorageCall) async throws(StorageTrouble) {
        note(.delete(sha256), call)
        try onDelete(sha256)
    }

    private func note(_ event: Event, _ call: StorageCall) {
        state.withLock { state in
            state.events.append(event)
            state.calls.append(call)
        }
    }

    func isHealthy(within timeout: Duration) async -> Bool { true }

    func probe(_ access: AssetAccess, for call: StorageCall) async throws(StorageTrouble) {
        note(.probe(access), call)
        try onProbe(access)
    }

    /// What a storage with the one sample image would say.
    static func success(_ operation: StorageOperation) -> JSONValue {
        var record = Samples.record()
        switch operation {
        case .createImage(let new):
            record.content = new.content
            (record.name, record.type, record.subtype, record.theme) = (new.name, new.type, new.subtype, new.theme)
            return record.json
        case .createImageVersion(let new):
            record.id = new.imageID
            record.version = (new.expectedVersion ?? 1) + 1
            record.content = new.content
            return record.json
        case .getImage(let asked):
            record.id = asked.imageID
            record.version = asked.version ?? 1
            return record.json
        case .updateImage(let change):
            record.id = change.imageID
            record.name = change.name ?? record.name
            record.updatedAt = record.updatedAt.adding(milliseconds: 1)
            return record.json
        case .listImages: return ImagePage(images: [record], total: 1).json
        case .listImageVersions:
            return VersionPage(versions: [
                ImageVersion(version: 1, content: record.content, createdAt: record.createdAt)
            ]).json
        case .deleteImage(let asked): return DeletedImage(id: asked.imageID).json
        }
    }
}
