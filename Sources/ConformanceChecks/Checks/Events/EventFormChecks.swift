import HubProtocol
import JSON

/// What an event is like, and in which order events come (docs/protocol.md §13).
enum EventFormChecks {
    static let all = [
        Check(
            "events.shape",
            "An event has event, event_id, occurred_at, operation_id and data, and its name as routing key",
            .events,
            ["HUB-EVT-001", "HUB-TIM-001", "HUB-EVT-008", "HUB-EVT-009", "HUB-EVT-012", "HUB-EVT-017"]
        ) { check in
            let (_, id) = try await check.effect("create_image", check.imageData())
            let event = try await check.event("image.created", id)
            try check.requireEqual(
                event.json?["event"],
                .string(event.delivery.routingKey),
                "event.other-name",
                "the event in the body is not the routing key"
            )
            let parsed: StorageEvent
            do throws(InvalidFields) {
                parsed = try StorageEvent(event.json ?? .null)
            } catch {
                throw CheckFailure("event.invalid", "an event: \(error)", actual: event.json)
            }
            // Of an image that was just made both are the time of its creation, perhaps by two clocks.
            let createdAt = parsed.record.updatedAt
            let apartMs = parsed.occurredAt.millisecondsSinceEpoch - createdAt.millisecondsSinceEpoch
            try check.require(
                abs(apartMs) <= 60_000,
                "event.other-time",
                "the occurred_at of image.created is more than a minute away from the updated_at of its record",
                expected: ["occurred_at": event.json?["data"]?["metadata"]?["updated_at"] ?? .null],
                actual: ["occurred_at": event.json?["occurred_at"] ?? .null]
            )
        },
        Check(
            "events.content-type",
            "An event has content_type application/json",
            .events,
            ["HUB-EVT-005"]
        ) { check in
            let (image, id) = try await check.effect("create_image", check.imageData())
            var effects = [("image.created", id)]
            if check.knows("update_image") {
                let data = check.about(image, ["name": "renamed"])
                effects.append(("image.updated", try await check.effect("update_image", data).id))
            }
            if check.mayAddVersions {
                let data = try await check.versionData(image)
                effects.append(("image.version_created", try await check.effect("create_image_version", data).id))
            }
            effects.append(("image.deleted", try await check.effect("delete_image", check.about(image)).id))
            for (name, id) in effects {
                let event = try await check.event(name, id)
                try check.requireText(
                    event.message.contentType,
                    at: ["properties", "content_type"],
                    Topology.contentType,
                    "event.content-type",
                    "the content_type of \(name) is not application/json"
                )
            }
        },
        Check(
            "events.properties",
            "An event is persistent and has the properties type, app_id and timestamp",
            .events,
            ["HUB-EVT-013"]
        ) { check in
            let (_, id) = try await check.effect("create_image", check.imageData())
            let message = try await check.event("image.created", id).message
            let missing = [
                ("delivery_mode 2", !message.isPersistent), ("type", message.type == nil),
                ("app_id", message.appID == nil), ("timestamp", message.timestampSeconds == nil),
            ].filter(\.1).map(\.0)
            try check.require(
                missing.isEmpty,
                "event.properties-missing",
                "an event has no \(missing.joined(separator: ", "))"
            )
        },
        Check(
            "events.order",
            "Events of one image come in the order of its effects",
            .events,
            ["HUB-EVT-003", "HUB-EVT-002"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.create()
            var names: [String] = []
            for number in 1...8 {
                names.append("name \(number)")
                try await check.setUp {
                    try await check.succeed("update_image", check.about(image, ["name": .string("name \(number)")]))
                }
            }
            let (_, id) = try await check.effect("delete_image", check.about(image))
            try await check.event("image.deleted", id)
            let imageID = image["id"]
            let events = check.session.events.all().filter { $0.json?["data"]?["id"] == imageID }
            var seen: [String] = []
            for event in events where event.json?["event"] == "image.updated" {
                let name = event.json?["data"]?["name"]?.string ?? ""
                if !seen.contains(name) { seen.append(name) }
            }
            try check.require(
                seen == names && events.first?.json?["event"] == "image.created",
                "event.order",
                "the events of one image did not come in the order of its effects",
                expected: .array(names.map(JSONValue.string)),
                actual: .array(seen.map(JSONValue.string))
            )
        },
        Check(
            "events.ids",
            "Every event has an id of its own; one published again has the same",
            .events,
            ["HUB-EVT-006", "HUB-EVT-009", "HUB-EVT-002"]
        ) { check in
            var operations: [String] = []
            for _ in 0..<3 {
                let (image, created) = try await check.effect("create_image", check.imageData())
                try await check.event("image.created", created)
                if check.knows("update_image") {
                    // Two of one kind, about one image.
                    for name: JSONValue in ["one", "other"] {
                        let data = check.about(image, ["name": name])
                        let updated = try await check.effect("update_image", data).id
                        try await check.event("image.updated", updated)
                        operations.append(updated)
                    }
                }
                let deleted = try await check.effect("delete_image", check.about(image)).id
                try await check.event("image.deleted", deleted)
                operations += [created, deleted]
            }
            try await check.quiet()
            var owners: [String: String] = [:]
            var ids: [String: String] = [:]
            for event in check.session.events.all() {
                guard let operation = event.json?["operation_id"]?.string, operations.contains(operation) else {
                    continue
                }
                let id = event.json?["event_id"]?.string ?? ""
                try check.require(
                    owners[id, default: operation] == operation,
                    "event.id-shared",
                    "two events have the same event_id: those of the operations \(owners[id] ?? "") and \(operation)",
                    actual: ["event_id": .string(id)]
                )
                try check.require(
                    ids[operation, default: id] == id,
                    "event.id-changed",
                    "an event that was published again has another event_id"
                )
                owners[id] = operation
                ids[operation] = id
            }
        },
    ]
}
