import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in what an event carries.
    static let ofEventForms: [StorageMode] = [
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
            "occurred-in-1970",
            breaks: "HUB-EVT-017",
            "Gives 1970 as `occurred_at`: nobody sets it.",
            AlteredPublications(.event) { $0.changeBody { $0["occurred_at"] = "1970-01-01T00:00:00.000Z" } }
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
