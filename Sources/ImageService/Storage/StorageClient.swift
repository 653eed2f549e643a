import HTTPServing
import HubProtocol
import JSON
import Logging
import MessageHub
import NIOCore

/// All that the service asks of storage: bytes over HTTP, records over the hub (contract §3, §4, §7).
///
/// Each call is an operation with an id of its own; an upload's bytes and record are one operation. What a client asks may
/// take two: a look at the record first, then the bytes or the change. Those share one deadline, so that a client waits
/// for storage no longer than `STORAGE_TIMEOUT_MS`, whatever its request takes.
///
/// A reply is believed only as far as it is an answer to the question: a record of another image is an
/// `invalidResponse`, whatever its shape.
package struct StorageClient: Sendable {
    private let hub: any OperationRequester
    private let assets: any AssetClient
    private let timeout: Duration
    private let time: TimeSource
    private let makeOperationID: @Sendable () -> String
    private let logger: Logger

    /// - Parameters:
    ///   - timeout: the whole time that one operation may take, retries included (`STORAGE_TIMEOUT_MS`).
    ///   - makeOperationID: a new UUID each time.
    package init(
        hub: any OperationRequester,
        assets: any AssetClient,
        timeout: Duration,
        time: TimeSource,
        makeOperationID: @escaping @Sendable () -> String,
        logger: Logger
    ) {
        self.hub = hub
        self.assets = assets
        self.timeout = timeout
        self.time = time
        self.makeOperationID = makeOperationID
        self.logger = logger
    }

    /// The deadline for all operations of a request that are handed it, from now on.
    package func newDeadline() -> Deadline { Deadline(after: timeout, of: time) }

    /// Stores a new image.
    package func create(
        _ labels: ImageLabels,
        image: UploadedImage,
        trace: TraceContext?
    ) async throws(StorageFault) -> ImageRecord {
        try await store(image, trace: trace) { content in
            .createImage(
                CreateImage(
                    type: labels.type,
                    subtype: labels.subtype,
                    name: labels.name,
                    theme: labels.theme,
                    content: content
                )
            )
        }
    }

    /// Stores the next version of an image; `expectedVersion` is the newest that the caller knows.
    package func createVersion(
        of imageID: String,
        image: UploadedImage,
        expectedVersion: Int?,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) -> ImageRecord {
        try await store(image, expectedID: imageID, trace: trace, deadline: deadline) { content in
            .createImageVersion(
                CreateImageVersion(imageID: imageID, content: content, expectedVersion: expectedVersion)
            )
        }
    }

    /// The record of an image; with `version`, with that version's content.
    package func image(
        _ id: String,
        version: Int? = nil,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) -> ImageRecord {
        let call = newCall(trace, deadline)
        return try await record(.getImage(GetImage(imageID: id, version: version)), of: id, version: version, for: call)
    }

    /// A page of images, oldest first.
    package func images(_ query: ListImages, trace: TraceContext?) async throws(StorageFault) -> ImagePage {
        let call = newCall(trace)
        let data = try await perform(.listImages(query), for: call)
        let page = try read(for: call) { () throws(InvalidFields) in try ImagePage(data) }
        guard page.images.count <= query.limit ?? ProtocolLimits.pageLimitDefault, page.images.count <= page.total
        else {
            throw StorageFault(
                .invalidResponse("more images than asked for, or than the total"),
                operationID: call.operationID
            )
        }
        return page
    }

    /// Changes the labels that are given.
    package func update(
        _ change: UpdateImage,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) -> ImageRecord {
        try await record(.updateImage(change), of: change.imageID, for: newCall(trace, deadline))
    }

    /// Removes an image with all its versions.
    package func delete(_ id: String, trace: TraceContext?, deadline: Deadline? = nil) async throws(StorageFault) {
        let call = newCall(trace, deadline)
        let data = try await perform(.deleteImage(DeleteImage(imageID: id)), for: call)
        let deleted = try read(for: call) { () throws(InvalidFields) in try DeletedImage(data) }
        guard deleted.id == id else { throw otherImage(deleted.id, than: id, in: call) }
    }

    /// A page of an image's versions, ascending.
    package func versions(_ query: ListImageVersions, trace: TraceContext?) async throws(StorageFault) -> VersionPage {
        let call = newCall(trace)
        let data = try await perform(.listImageVersions(query), for: call)
        return try read(for: call) { () throws(InvalidFields) in try VersionPage(data) }
    }

    /// The bytes of a record's content, whole and checked.
    package func bytes(
        of record: ImageRecord,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) -> ByteBuffer {
        let call = newCall(trace, deadline)
        do {
            return try await assets.get(record.content, for: call)
        } catch {
            throw StorageFault(error, operationID: call.operationID)
        }
    }

    /// Some or all bytes of a record's content, of which the first piece is there when this returns.
    package func download(
        _ range: Range<Int>,
        of record: ImageRecord,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) -> AssetDownload {
        let call = newCall(trace, deadline)
        let content = record.content
        let isWhole = range == 0..<content.size
        let first = range.prefix(AssetDownload.Limits.pieceBytes)
        do {
            let piece =
                try await isWhole && first == range
                ? assets.get(content, for: call) : assets.get(first, of: content, for: call)
            return AssetDownload(
                first: piece,
                rest: first.upperBound..<range.upperBound,
                sha256: isWhole ? content.sha256 : nil
            ) { [assets, timeout, time] next in
                // However long the client takes with one piece, storage has all its time for the next one.
                var call = call
                call.deadline = Deadline(after: timeout, of: time)
                return try await assets.get(next, of: content, for: call)
            }
        } catch {
            throw StorageFault(error, operationID: call.operationID)
        }
    }

    /// Whether storage has the bytes of a record's content; throws what is wrong otherwise.
    package func requireBytes(
        of record: ImageRecord,
        trace: TraceContext?,
        deadline: Deadline? = nil
    ) async throws(StorageFault) {
        let call = newCall(trace, deadline)
        do {
            try await assets.head(record.content, for: call)
        } catch {
            throw StorageFault(error, operationID: call.operationID)
        }
    }
}

// How an image with new bytes is stored.
extension StorageClient {
    /// Brings the bytes, then the record.
    ///
    /// Storage that misses the bytes which it just took (they were collected, or another request's clean-up met them)
    /// gets them once more. That second try is an operation of its own: storage answers a known operation id with the
    /// reply that it gave before (contract §7), and a refused operation has no effect that could happen twice.
    private func store(
        _ image: UploadedImage,
        expectedID: String? = nil,
        trace: TraceContext?,
        deadline: Deadline? = nil,
        as operation: (ImageContent) -> StorageOperation
    ) async throws(StorageFault) -> ImageRecord {
        let first = newCall(trace, deadline)
        var isNew = false
        do {
            return try await attempt(image, expectedID: expectedID, for: first, isNew: &isNew, as: operation)
        } catch {
            guard error.trouble.knownCode == .assetNotFound else {
                await cleanUp(image, after: error, isNew: isNew, call: first)
                throw error
            }
        }
        var second = first
        second.operationID = newOperationID()
        logger.notice(
            "storage misses an asset that it took; it gets it once more",
            metadata: [
                "operation_id": "\(first.operationID)", "next_operation_id": "\(second.operationID)",
                "sha256": "\(image.sha256)",
            ]
        )
        do {
            return try await attempt(image, expectedID: expectedID, for: second, isNew: &isNew, as: operation)
        } catch {
            await cleanUp(image, after: error, isNew: isNew, call: second)
            throw error
        }
    }

    private func attempt(
        _ image: UploadedImage,
        expectedID: String?,
        for call: StorageCall,
        isNew: inout Bool,
        as operation: (ImageContent) -> StorageOperation
    ) async throws(StorageFault) -> ImageRecord {
        let asset: StoredAsset
        do {
            asset = try await assets.put(image, for: call)
        } catch {
            throw StorageFault(error, operationID: call.operationID)
        }
        isNew = isNew || asset.isNew
        let stored = try await record(operation(image.content(at: asset.url)), of: expectedID, for: call)
        guard stored.content.sha256 == image.sha256 else {
            throw StorageFault(.invalidResponse("the record has another sha256"), operationID: call.operationID)
        }
        return stored
    }

    /// An upload that storage refused leaves no asset behind, if it brought one. After anything else the effect may
    /// exist, or the request may still be on its way: then the asset stays, and storage collects it if nothing refers
    /// to it.
    private func cleanUp(_ image: UploadedImage, after fault: StorageFault, isNew: Bool, call: StorageCall) async {
        guard isNew, case .rejected = fault.trouble else { return }
        do {
            try await assets.delete(image.sha256, for: call)
        } catch {
            logger.warning(
                "an asset stays that a refused upload brought; storage will collect it",
                metadata: [
                    "operation_id": "\(call.operationID)", "sha256": "\(image.sha256)", "why": "\(error)",
                ]
            )
        }
    }
}

// How an answer is read.
extension StorageClient {
    private func newCall(_ trace: TraceContext?, _ deadline: Deadline? = nil) -> StorageCall {
        StorageCall(
            operationID: newOperationID(),
            deadline: deadline ?? newDeadline(),
            trace: trace
        )
    }

    /// A fresh one, which the log lines of the request carry from now on.
    private func newOperationID() -> String {
        let id = makeOperationID()
        RequestNotes.current?.note("operation_id", id)
        return id
    }

    private func perform(
        _ operation: StorageOperation,
        for call: StorageCall
    ) async throws(StorageFault) -> JSONValue {
        do {
            return try await hub.perform(operation, for: call)
        } catch {
            throw StorageFault(error, operationID: call.operationID)
        }
    }

    private func record(
        _ operation: StorageOperation,
        of id: String?,
        version: Int? = nil,
        for call: StorageCall
    ) async throws(StorageFault) -> ImageRecord {
        let data = try await perform(operation, for: call)
        let record = try read(for: call) { () throws(InvalidFields) in try ImageRecord(data) }
        if let id, record.id != id { throw otherImage(record.id, than: id, in: call) }
        if let version, record.version != version {
            throw StorageFault(.invalidResponse("another version than asked for"), operationID: call.operationID)
        }
        return record
    }

    private func read<Value>(
        for call: StorageCall,
        _ body: () throws(InvalidFields) -> Value
    ) throws(StorageFault) -> Value {
        do {
            return try body()
        } catch {
            throw StorageFault(.invalidResponse("\(error)"), operationID: call.operationID)
        }
    }

    private func otherImage(_ id: String, than asked: String, in call: StorageCall) -> StorageFault {
        StorageFault(.invalidResponse("it is about image \(id), not \(asked)"), operationID: call.operationID)
    }
}
