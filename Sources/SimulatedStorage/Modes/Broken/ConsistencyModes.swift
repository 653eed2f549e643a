import HubProtocol
import JSON
import MessageHub
import Octets
import ServiceLifecycle
import Synchronization

extension StorageMode {
    /// Mistakes in errors, in what later requests see, and in what a bad message does.
    static let ofConsistency: [StorageMode] = [
        .broken(
            "codes-in-lower-case",
            breaks: "HUB-ERR-001",
            "Writes the codes of errors in lower case.",
            AlteredPublications(.reply) { publication in
                publication.changeError { $0["code"] = $0["code"]?.string.map { .string($0.lowercased()) } }
            }
        ),
        .broken(
            "image-before-validation",
            breaks: "HUB-ERR-002",
            "Looks for the image before it looks at the other fields.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let operation = question.operation, operation != .createImage, operation != .listImages,
                    let id = question.imageID, try question.reader.image(id) == nil
                else { return try question.decide() }
                return try question.refuse(.imageNotFound(id))
            }
        ),
        .broken(
            "validation-before-conflict",
            breaks: "HUB-ERR-002",
            "Looks at the fields before it looks up the operation id.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let operation = question.operation else { return try question.decide() }
                do throws(InvalidFields) {
                    _ = try StorageOperation(operation, data: question.data)
                } catch {
                    return try question.reader.operation(question.request.operationID) == nil
                        ? question.decide() : Decision(.outcome(.failed(.invalid(error))))
                }
                return try question.decide()
            }
        ),
        .broken(
            "lists-lag-behind",
            breaks: "HUB-CON-004",
            "Lists from an index that shows an image a second after it was created.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages else { return try question.decide() }
                let shown = question.now.adding(milliseconds: -1000)
                let lists = ReaderOfLists(present: question.reader) { images, filter in
                    images.filter { filter.matches($0) && $0.createdAt < shown }
                }
                return try question.decide(reading: lists)
            }
        ),
        .broken(
            "reads-from-a-cache",
            breaks: "HUB-CON-001",
            "Answers `get_image` from a cache that nothing clears for a second.",
            ReadsFromCache()
        ),
        .broken(
            "conflict-after-the-effect",
            breaks: "HUB-CON-002",
            "Adds the version, finds that it was not expected, and answers `VERSION_CONFLICT` without undoing it.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard decision.failure?.knownCode == .versionConflict else { return decision }
                let carriedOut = try question.decide(without: ["expected_version"])
                decision.changes += carriedOut.changes.filter { change in
                    if case .addVersion = change { true } else { false }
                }
                return decision
            }
        ),
        .broken(
            "stops-at-an-unreadable-body",
            breaks: "HUB-FLT-003",
            "Its consumer dies of a body that is no JSON; nothing is answered until a new connection.",
            isSlow: true,
            StopsAtUnreadableBody()
        ),
        .broken(
            "does-not-come-back",
            breaks: "HUB-FLT-002",
            "Does not connect again when its connection is lost.",
            isSlow: true,
            DoesNotComeBack()
        ),
        .broken(
            "updates-are-lost",
            breaks: "HUB-CON-005",
            "Reads a record, changes it and writes all of it back: of two updates at the same time one is lost.",
            UpdatesAreLost()
        ),
        .broken(
            "one-request-at-a-time",
            breaks: "HUB-CON-006",
            "Takes one request at a time (`prefetch` 1), and 200 milliseconds over one for an image that is not there.",
            isSlow: true,
            OneSlowRequestAtATime()
        ),
        .broken(
            "no-room-is-an-internal-error",
            breaks: "HUB-LIM-004",
            "Answers an effect for which there is no room with `INTERNAL_ERROR`.",
            AlteredPublications(.reply) { publication in
                publication.changeError { if $0["code"] == "STORAGE_FULL" { $0["code"] = "INTERNAL_ERROR" } }
            }
        ),
        .broken(
            "leaves-in-the-middle",
            breaks: "HUB-FLT-011",
            "Acknowledges what it has taken when it stops, and answers none of it.",
            LeavesInTheMiddle()
        ),
    ]
}

private final class ReadsFromCache: Conduct {
    private struct Entry {
        let record: ImageRecord
        let time: Timestamp
    }

    private let entries = RecentNotes<Entry>(countMax: 1000)

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .getImage, let id = question.imageID else { return try question.decide() }
        let oldest = question.now.adding(milliseconds: -1000)
        if let entry = entries[id], entry.time > oldest {
            return try question.decide(reading: ReaderOfCachedImage(present: question.reader, record: entry.record))
        }
        let record = try question.reader.image(id)
        entries.update(id) { $0 = record.map { Entry(record: $0, time: question.now) } }
        return try question.decide()
    }
}

/// A state in which one image reads as it did, also when it is gone.
private struct ReaderOfCachedImage: PassingReader {
    let present: any RecordReader
    let record: ImageRecord

    func image(_ id: String) throws(RecordStoreError) -> ImageRecord? { record }
}

private final class StopsAtUnreadableBody: Conduct {
    private let isDead = Mutex(false)

    func begin(connection number: Int, on core: StorageCore) async throws { isDead.withLock { $0 = false } }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        if delivery.isQuery { return delivery }
        let isReadable = (try? JSONValue(parsing: delivery.message.body)) != nil
        let isDead = isDead.withLock { isDead in
            if !isReadable { isDead = true }
            return isDead
        }
        // What comes after the end of a consumer stays unacknowledged.
        return isDead ? nil : delivery
    }
}

private struct DoesNotComeBack: Conduct {
    func begin(connection number: Int, on core: StorageCore) async throws {
        // Connected, and nothing declared or consumed, until the service stops.
        if number > 1 { try await cancelWhenGracefulShutdown { try await WakeUp().wait(after: 0) } }
    }
}

/// Whoever changes an image while another change is under way has read the record before it.
private final class UpdatesAreLost: Conduct {
    private struct Change {
        let image: String
        let isLate: Bool
    }

    /// How many are under way for an image.
    private let underWay = RecentNotes<Int>()
    private let changes = RecentNotes<Change>()
    /// The records that those under way have read.
    private let read = RecentNotes<ImageRecord>(countMax: 1000)

    /// How long writing takes after reading.
    private static let pause = Duration.milliseconds(100)

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard let request = delivery.request, request.operation == OperationName.updateImage.rawValue,
            let image = request.data["image_id"]?.string
        else { return delivery }
        changes.update(request.operationID) { change in
            // One that comes again is under way already, or over.
            guard change == nil else { return }
            let others = underWay.update(image) { count in
                defer { count = (count ?? 0) + 1 }
                return count ?? 0
            }
            change = Change(image: image, isLate: others > 0)
        }
        return delivery
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .updateImage, let id = question.imageID,
            let change = changes[question.request.operationID]
        else { return try question.decide() }
        var decision = try question.decide()
        guard change.isLate, let before = read[id] else {
            if let record = try question.reader.image(id) { read.note(record, for: id) }
            return decision
        }
        let given = Set(question.texts.map(\.key))
        decision.changeRecord(to: question.request.operationID) { record in
            if !given.contains("name") { record.name = before.name }
            if !given.contains("type") { record.type = before.type }
            if !given.contains("subtype") { record.subtype = before.subtype }
            if !given.contains("theme") { record.theme = before.theme }
        }
        return decision
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .reply, let id = publication.operationID, let change = changes.take(id) {
            await line.pause(Self.pause)
            underWay.update(change.image) { count in
                let left = (count ?? 1) - 1
                count = left > 0 ? left : nil
            }
        }
        try await line.publish(publication)
    }
}

private struct OneSlowRequestAtATime: Conduct {
    func prefetch(_ count: Int) -> Int { 1 }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        // Not over all of them: a whole run of a checker is to end in its time.
        let isLong = publication.kind == .reply && publication.json?["error"]?["code"] == "IMAGE_NOT_FOUND"
        if isLong { await line.pause(.milliseconds(200)) }
        try await line.publish(publication)
    }
}

/// Every new image takes a while, so that some are not answered yet whenever it is to leave.
private final class LeavesInTheMiddle: Conduct {
    private let underWay = RecentNotes<Bool>(countMax: 1000)

    private static let pause = Duration.milliseconds(100)

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        if let request = delivery.request, request.operation == OperationName.createImage.rawValue {
            underWay.note(true, for: request.operationID)
        }
        return delivery
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .reply, let id = publication.operationID, underWay.take(id) != nil else {
            return try await line.publish(publication)
        }
        await cancelWhenGracefulShutdown { await line.pause(Self.pause) }
        if !Task.isShuttingDownGracefully { try await line.publish(publication) }
    }
}
