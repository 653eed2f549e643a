import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes with events.
    static let ofEvents: [StorageMode] = [
        .broken(
            "no-event-for-updates",
            breaks: "HUB-EVT-001",
            "Publishes no event for `update_image`: only images that come and go count.",
            AlteredPublications(only: .event, where: { $0.address.routingKey != StorageEvent.Kind.updated.rawValue })
        ),
        .broken(
            "event-before-effect",
            breaks: "HUB-EVT-001",
            "Publishes `image.created` within its transaction: who asks at once finds no such image.",
            EventBeforeEffect()
        ),
        .broken(
            "every-second-event-is-lost",
            breaks: "HUB-EVT-002",
            "Publishes events without confirms and does not notice those that are lost.",
            EventsAreLost()
        ),
        .broken(
            "events-out-of-order",
            breaks: "HUB-EVT-003",
            "Publishes events from several workers: the second of an image overtakes the first.",
            EventsOutOfOrder()
        ),
        .broken(
            "deleted-event-has-the-id-alone",
            breaks: "HUB-EVT-004",
            "Publishes `image.deleted` with the id and no record: it is gone by then.",
            AlteredPublications(.event) { publication in
                guard publication.address.routingKey == StorageEvent.Kind.deleted.rawValue else { return }
                publication.changeBody { members in
                    members["data"] = ["id": members["data"]?["id"] ?? .null]
                }
            }
        ),
        .broken(
            "event-without-content-type",
            breaks: "HUB-EVT-005",
            "Publishes events without the property `content_type`.",
            AlteredPublications(.event) { $0.message.contentType = nil }
        ),
        .broken(
            "content-type-of-created-alone",
            breaks: "HUB-EVT-005",
            "Publishes events with the property `content_type` for new images alone.",
            AlteredPublications(.event) { publication in
                if publication.address.routingKey != StorageEvent.Kind.created.rawValue {
                    publication.message.contentType = nil
                }
            }
        ),
        .broken(
            "deleted-event-has-the-first-version",
            breaks: "HUB-EVT-004",
            "Publishes `image.deleted` with the content of version 1, whatever the last record was.",
            EventsOfFirstVersion(after: .deleteImage)
        ),
        .broken(
            "updated-event-has-the-first-version",
            breaks: "HUB-EVT-016",
            "Publishes `image.updated` with the content of version 1, whatever the newest is.",
            EventsOfFirstVersion(after: .updateImage)
        ),
        .broken(
            "event-id-of-every-publish",
            breaks: "HUB-EVT-006",
            "Publishes events twice, each time under another `event_id`.",
            EventIDOfEveryPublish()
        ),
        .broken(
            "events-for-failures",
            breaks: "HUB-EVT-007",
            "Publishes the event of an operation that was refused.",
            EventsForFailures()
        ),
        .broken(
            "events-by-another-key",
            breaks: "HUB-EVT-008",
            "Publishes events by `storage.event`, whatever has happened.",
            AlteredPublications(.event) { $0.address.routingKey = "storage.event" }
        ),
        .broken(
            "event-id-of-the-image",
            breaks: "HUB-EVT-009",
            "Gives an event the id of its image.",
            AlteredPublications(.event) { publication in
                publication.changeBody { $0["event_id"] = $0["data"]?["id"] }
            }
        ),
        .broken(
            "event-without-operation-id",
            breaks: "HUB-EVT-010",
            "Publishes events without `operation_id`.",
            AlteredPublications(.event) { $0.changeBody { $0["operation_id"] = nil } }
        ),
        .broken(
            "event-with-half-a-record",
            breaks: "HUB-EVT-016",
            "Publishes events with `id`, `type` and `name` alone: who wants more may ask.",
            AlteredPublications(.event) { publication in
                publication.changeBody { members in
                    let record = members["data"]?.object ?? [:]
                    members["data"] = .object(record.filter { ["id", "type", "name"].contains($0.key) })
                }
            }
        ),
        .broken(
            "occurred-at-in-seconds",
            breaks: "HUB-EVT-012",
            "Gives `occurred_at` as seconds since 1970.",
            AlteredPublications(.event) { publication in
                publication.changeBody { members in
                    let time = members["occurred_at"]?.string.flatMap { Timestamp($0) }
                    members["occurred_at"] = time.map { .integer($0.millisecondsSinceEpoch / 1000) }
                }
            }
        ),
        .broken(
            "transient-events",
            breaks: "HUB-EVT-013",
            "Publishes events with `delivery_mode` 1 and without `type`, `app_id` and `timestamp`.",
            AlteredPublications(.event) { publication in
                publication.message.isPersistent = false
                publication.message.type = nil
                publication.message.appID = nil
                publication.message.timestampSeconds = nil
            }
        ),
    ]
}

/// A new image is not to be seen before its reply, and the event goes out at once.
private final class EventBeforeEffect: Conduct {
    /// By the operation that makes them.
    private let unseen = RecentNotes<String>(countMax: 1000)

    /// How long the transaction takes to end.
    private static let pause = Duration.milliseconds(250)

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        if question.operation == .createImage {
            let decision = try question.decide()
            if case .outcome(.record(let record)) = decision.answer {
                unseen.note(record.id, for: question.request.operationID)
            }
            return decision
        }
        let hidden = Set(unseen.all)
        guard !hidden.isEmpty else { return try question.decide() }
        return try question.decide(
            reading: ReaderOfImages(present: question.reader) { hidden.contains($0.id) ? nil : $0 }
        )
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .reply, let id = publication.operationID, unseen[id] != nil {
            await line.pause(Self.pause)
            unseen.update(id) { $0 = nil }
        }
        try await line.publish(publication)
    }
}

/// The event of one operation has the content of the image's first version; the reply is right.
private struct EventsOfFirstVersion: Conduct {
    let operation: OperationName

    init(after operation: OperationName) { self.operation = operation }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        guard question.operation == operation, let id = question.imageID,
            let first = try question.reader.version(1, of: id)
        else { return decision }
        decision.changes = decision.changes.map { change in
            guard case .publish(var event) = change else { return change }
            event.record = event.record.with(first)
            return .publish(event)
        }
        return decision
    }
}

extension ImageRecord {
    /// The same image with the content of a version.
    func with(_ version: ImageVersion) -> ImageRecord {
        var record = self
        record.content = version.content
        record.version = version.version
        return record
    }
}

private final class EventsAreLost: Conduct {
    private let count = Mutex(0)

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .event else { return try await line.publish(publication) }
        let number = count.withLock { count in
            count += 1
            return count
        }
        if number.isMultiple(of: 2) { return }
        try await line.publish(publication)
    }
}

/// An event waits for the next one of its image, which goes first; without one it goes after a while.
private final class EventsOutOfOrder: Conduct {
    private struct Held {
        let publication: Publication
        /// How often it has been looked at.
        var rounds = 0
    }

    private let held = RecentNotes<Held>(countMax: 100_000)
    private static let round = Duration.milliseconds(100)
    private static let roundsMax = 3

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .event, let image = publication.imageID else {
            return try await line.publish(publication)
        }
        let former = held.update(image) { held -> Publication? in
            let former = held?.publication
            held = former == nil ? Held(publication: publication) : nil
            return former
        }
        guard let former else { return }
        try await line.publish(publication)
        try await line.publish(former)
    }

    func accompany(_ line: Line) async throws {
        while true {
            try await line.time.sleep(for: Self.round)
            for image in held.all.compactMap(\.publication.imageID) {
                let due = held.update(image) { held -> Publication? in
                    held?.rounds += 1
                    guard let event = held, event.rounds > Self.roundsMax else { return nil }
                    held = nil
                    return event.publication
                }
                if let due { try await line.publish(due) }
            }
        }
    }
}

private struct EventIDOfEveryPublish: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        try await line.publish(publication)
        guard publication.kind == .event else { return }
        var again = publication
        let id = line.ids.next()
        again.message.messageID = id
        again.changeBody { $0["event_id"] = .string(id) }
        try await line.publish(again)
    }
}

private struct EventsForFailures: Conduct {
    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        guard decision.failure != nil, let kind = question.operation?.event else { return decision }
        var there: ImageRecord?
        if let id = question.imageID { there = try question.reader.image(id) }
        decision.changes.append(
            .publish(
                StorageEvent(
                    kind: kind,
                    eventID: question.ids.next(),
                    occurredAt: question.now,
                    operationID: question.request.operationID,
                    record: there ?? question.recordThatWouldBe
                )
            )
        )
        return decision
    }
}

extension OperationName {
    /// What its effect is told as.
    fileprivate var event: StorageEvent.Kind? {
        switch self {
        case .createImage: .created
        case .updateImage: .updated
        case .createImageVersion: .versionCreated
        case .deleteImage: .deleted
        case .getImage, .listImages, .listImageVersions: nil
        }
    }
}

extension Question {
    /// A record of what was asked, though there is none.
    fileprivate var recordThatWouldBe: ImageRecord {
        func text(_ key: String) -> String { data[key]?.string ?? "unknown" }
        return ImageRecord(
            id: imageID ?? ids.next(),
            type: text("type"),
            subtype: text("subtype"),
            name: text("name"),
            theme: text("theme"),
            content: ImageContent(url: text("url"), format: text("format"), width: 1, height: 1, size: 0, sha256: nil),
            version: 1,
            createdAt: now,
            updatedAt: now
        )
    }
}

extension Publication {
    /// The image that an event tells of.
    var imageID: String? { json?["data"]?["id"]?.string }
}
