import HubProtocol
import Octets

/// The state of a memory store. A class, so that handing it to a decision copies nothing; its owner is the store's
/// actor, which alone lets anybody read it or changes it.
final class MemoryRecords {
    /// An image as it is kept: what it has in common with its versions is in one place.
    private struct Image {
        var record: ImageRecord
        /// Ascending; the last is the record's content.
        var versions: [ImageVersion]
    }

    private var images: [ExactText: Image] = [:]
    private var index = ImageIndex()
    private var versionCount = 0
    private var operations: OperationMemory
    private var assets = AssetShelf()
    private var events: [Int64: StorageEvent] = [:]
    private var eventOrder = SortedIndex<Int64>()
    private var lastSequence: Int64 = 0

    init(limits: StorageLimits) { operations = OperationMemory(notedMax: limits.notedOperationsMax) }

    /// Makes one change, which was decided on the present state.
    func apply(_ change: Change) {
        switch change {
        case .insertImage(let record):
            images[ExactText(record.id)] = Image(record: record, versions: [version(of: record)])
            index.insert(record)
            keepVersion(record.content)
        case .updateImage(let record):
            replace(record)
        case .addVersion(let record):
            replace(record)
            images[ExactText(record.id)]?.versions.append(version(of: record))
            keepVersion(record.content)
        case .deleteImage(let id, let time):
            deleteImage(id, releasedAt: time)
        case .insertAsset(let asset): assets.insert(asset)
        case .touchAsset(let name, let time): assets.touch(name, at: time)
        case .removeAsset(let name): assets.remove(name)
        case .remember(let operation): operations.remember(operation)
        case .forgetOperations(let time, let limit): operations.forget(before: time, limit: limit)
        case .publish(let event):
            lastSequence += 1
            events[lastSequence] = event
            eventOrder.insert(lastSequence)
        case .forgetEvents(let sequences):
            for sequence in sequences where events.removeValue(forKey: sequence) != nil {
                eventOrder.remove(sequence)
            }
        }
    }

    private func replace(_ record: ImageRecord) {
        guard let old = images[ExactText(record.id)]?.record else {
            preconditionFailure("Cannot change an image that is not there")
        }
        images[ExactText(record.id)]?.record = record
        // Only a change of type or theme moves it between the indexes.
        guard !old.type.isExactly(record.type) || !old.theme.isExactly(record.theme) else { return }
        index.remove(old)
        index.insert(record)
    }

    private func deleteImage(_ id: String, releasedAt time: Timestamp) {
        guard let image = images.removeValue(forKey: ExactText(id)) else {
            preconditionFailure("Cannot delete an image that is not there")
        }
        index.remove(image.record)
        versionCount -= image.versions.count
        for name in image.versions.compactMap(\.content.sha256) { assets.release(name, at: time) }
    }

    private func keepVersion(_ content: ImageContent) {
        versionCount += 1
        if let name = content.sha256 { assets.retain(name) }
    }

    private func version(of record: ImageRecord) -> ImageVersion {
        ImageVersion(version: record.version, content: record.content, createdAt: record.updatedAt)
    }
}

extension MemoryRecords: RecordReader {
    func operation(_ operationID: String) -> RememberedOperation? { operations[operationID] }

    func image(_ id: String) -> ImageRecord? { images[ExactText(id)]?.record }

    func version(_ number: Int, of imageID: String) -> ImageVersion? {
        guard let versions = images[ExactText(imageID)]?.versions, versions.indices.contains(number - 1) else {
            return nil
        }
        return versions[number - 1]
    }

    func versions(of imageID: String, skip: Int, limit: Int) -> [ImageVersion] {
        Array(images[ExactText(imageID)]?.versions.dropFirst(skip).prefix(limit) ?? [])
    }

    func images(matching filter: ImageFilter, skip: Int, limit: Int) -> [ImageRecord] {
        index.ids(matching: filter, skip: skip, limit: limit).compactMap { images[$0]?.record }
    }

    func imageCount(matching filter: ImageFilter) -> Int { index.count(matching: filter) }

    func asset(_ name: String) -> StoredAsset? { assets[name] }

    func idleAssets(since time: Timestamp, limit: Int) -> [StoredAsset] { assets.idle(since: time, limit: limit) }

    func pendingEvents(limit: Int) -> [PendingEvent] {
        eventOrder.page(skip: 0, limit: limit).compactMap { sequence in
            events[sequence].map { PendingEvent(sequence: sequence, event: $0) }
        }
    }

    func usage() -> StoreUsage {
        var usage = StoreUsage()
        usage.images = images.count
        usage.versions = versionCount
        usage.operations = operations.count
        usage.oldestOperation = operations.oldest
        usage.pendingEvents = events.count
        usage.assets = assets.count
        return usage
    }
}
