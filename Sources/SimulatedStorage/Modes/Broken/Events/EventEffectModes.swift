import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes in which effects are followed by events, when, and in which order.
    static let ofEventEffects: [StorageMode] = [
        .broken(
            "no-event-for-updates",
            breaks: "HUB-EVT-001",
            "Publishes no event for `update_image`: only images that come and go count.",
            AlteredPublications(only: .event, where: { $0.address.routingKey != StorageEvent.Kind.updated.rawValue })
        ),
        .broken(
            "no-event-for-equal-updates",
            breaks: "HUB-EVT-001",
            "Publishes no event for an `update_image` whose values the image has already.",
            NoEventForEqualUpdates()
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
            "refused-event-is-lost",
            breaks: "HUB-EVT-002",
            "Takes an event for published that the hub refuses (`basic.nack`): it is taken off the outbox first.",
            RefusedPublicationIsLost(.event)
        ),
        .broken(
            "events-out-of-order",
            breaks: "HUB-EVT-003",
            "Publishes events from several workers: the second of an image overtakes the first.",
            EventsOutOfOrder()
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
    ]
}

/// The event goes; the update stays, with its new `updated_at`.
private struct NoEventForEqualUpdates: Conduct {
    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        guard question.operation == .updateImage, let id = question.imageID, let former = try question.reader.image(id),
            case .outcome(.record(var record)) = decision.answer
        else { return decision }
        record.updatedAt = former.updatedAt
        guard record == former else { return decision }
        decision.changes.removeAll { change in
            if case .publish = change { true } else { false }
        }
        return decision
    }
}

/// What the hub refuses counts as published.
struct RefusedPublicationIsLost: Conduct {
    let kind: Publication.Kind

    init(_ kind: Publication.Kind) { self.kind = kind }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        do throws(HubError) {
            try await line.publish(publication)
        } catch {
            guard publication.kind == kind, case .nacked = error else { throw error }
        }
    }
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
