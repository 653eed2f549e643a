import HubProtocol
import JSON

/// What is published after an effect (docs/protocol.md §11).
enum EventChecks {
    static let all = [
        Check(
            "events.created",
            "create_image is followed by image.created",
            .events,
            ["HUB-EVT-001", "HUB-EVT-002", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"]
        ) {
            check in
            let (image, id) = try await effect(check, "create_image", check.imageData())
            try await expectEvent(check, "image.created", id, image)
        },
        Check(
            "events.updated",
            "update_image is followed by image.updated",
            .events,
            ["HUB-EVT-001", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await ofVersions(check, 2)
            let (record, id) = try await effect(check, "update_image", check.about(image, ["name": "renamed"]))
            try await expectEvent(check, "image.updated", id, record)
        },
        Check(
            "events.version-created",
            "create_image_version is followed by image.version_created",
            .events,
            ["HUB-EVT-001", "HUB-EVT-008", "HUB-EVT-010", "HUB-EVT-016"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let (record, id) = try await effect(check, "create_image_version", check.versionData(image))
            try await expectEvent(check, "image.version_created", id, record)
        },
        Check(
            "events.deleted",
            "delete_image is followed by image.deleted with the last record",
            .events,
            ["HUB-EVT-001", "HUB-EVT-004", "HUB-EVT-010"]
        ) { check in
            let image = try await ofVersions(check, 3)
            let (_, id) = try await effect(check, "delete_image", check.about(image))
            let event = try await find(check, "image.deleted", id)
            try check.requireEqual(
                event.json?["data"],
                at: ["data"],
                image,
                "event.not-last-record",
                "image.deleted does not carry the last record"
            )
        },
        Check(
            "events.shape",
            "An event has event, event_id, occurred_at, operation_id and data, and its name as routing key",
            .events,
            ["HUB-EVT-001", "HUB-TIM-001", "HUB-EVT-008", "HUB-EVT-009", "HUB-EVT-012"]
        ) { check in
            let (_, id) = try await effect(check, "create_image", check.imageData())
            let event = try await find(check, "image.created", id)
            try check.requireEqual(
                event.json?["event"],
                .string(event.delivery.routingKey),
                "event.other-name",
                "the event in the body is not the routing key"
            )
            do throws(InvalidFields) {
                _ = try StorageEvent(event.json ?? .null)
            } catch {
                throw CheckFailure("event.invalid", "an event: \(error)", actual: event.json)
            }
        },
        Check(
            "events.content-type",
            "An event has content_type application/json",
            .events,
            ["HUB-EVT-005"]
        ) { check in
            let (image, id) = try await effect(check, "create_image", check.imageData())
            var effects = [("image.created", id)]
            if check.knows("update_image") {
                let data = check.about(image, ["name": "renamed"])
                effects.append(("image.updated", try await effect(check, "update_image", data).id))
            }
            if check.mayAddVersions {
                let data = try await check.versionData(image)
                effects.append(("image.version_created", try await effect(check, "create_image_version", data).id))
            }
            effects.append(("image.deleted", try await effect(check, "delete_image", check.about(image)).id))
            for (name, id) in effects {
                let event = try await find(check, name, id)
                try check.requireText(
                    event.message.contentType,
                    Topology.contentType,
                    "event.content-type",
                    "the content_type of \(name) is not application/json"
                )
            }
        },
        Check(
            "events.after-effect",
            "An event is published after the effect: who asks then sees it",
            .events,
            ["HUB-EVT-001"]
        ) { check in
            for _ in 0..<3 {
                let question = Question("create_image", check.newID(), check.imageData())
                // The reply is not waited for: the event alone says that it has happened.
                try await check.post(question)
                let event = try await find(check, "image.created", question.operationID)
                let image = event.json?["data"] ?? .null
                let read = try await check.ask("get_image", check.about(image))
                try check.notRefused(
                    read,
                    with: "IMAGE_NOT_FOUND",
                    "event.before-effect",
                    "after its image.created an image is not there"
                )
            }
        },
        Check(
            "events.properties",
            "An event is persistent and has the properties type, app_id and timestamp",
            .events,
            ["HUB-EVT-013"]
        ) { check in
            let (_, id) = try await effect(check, "create_image", check.imageData())
            let message = try await find(check, "image.created", id).message
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
            let (_, id) = try await effect(check, "delete_image", check.about(image))
            _ = try await find(check, "image.deleted", id)
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
                let (image, created) = try await effect(check, "create_image", check.imageData())
                _ = try await find(check, "image.created", created)
                let deleted = try await effect(check, "delete_image", check.about(image)).id
                _ = try await find(check, "image.deleted", deleted)
                operations += [created, deleted]
            }
            try await quiet(check)
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
                    "two events have the same event_id"
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
        Check(
            "events.none-without-effect",
            "An operation without effect is not followed by an event",
            .events,
            ["HUB-EVT-007"]
        ) { check in
            let image = try await check.create()
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            let missing = Question("delete_image", check.newID(), check.about(check.unknownImage()))
            let read = Question("get_image", check.newID(), check.about(image))
            let listed = Question("list_images", check.newID(), ["limit": 1])
            let without = [wrong, missing, read, listed]
            for question in without { _ = try await check.ask(question) }
            try await barrier(check)
            let ids = Set(without.map(\.operationID))
            let found = check.session.events.all().filter { ids.contains($0.json?["operation_id"]?.string ?? "") }
            try check.require(
                found.isEmpty,
                "event.without-effect",
                "an operation without effect was followed by an event"
            )
        },
        Check(
            "events.once-for-repeated",
            "An operation that is asked again is not followed by another event",
            .events,
            ["HUB-EVT-007", "HUB-IDM-001"]
        ) { check in
            let question = Question("create_image", check.newID(), check.imageData())
            let record = try check.success(try await check.ask(question), "create_image")
            for _ in 0..<2 { _ = try await check.ask(question) }
            try await barrier(check)
            let events = check.session.events.all().filter {
                $0.json?["event"] == "image.created"
                    && ($0.json?["operation_id"]?.string == question.operationID
                        || $0.json?["data"]?["id"] == record["id"])
            }
            // At least once is what events are: the same one may come again, another may not.
            try check.require(
                Set(events.map { $0.json?["event_id"]?.string ?? "" }).count <= 1,
                "event.for-repeated",
                "a repeated operation was followed by another event"
            )
        },
    ]

    private static func effect(
        _ check: CheckContext,
        _ operation: String,
        _ data: JSONValue
    ) async throws -> (record: JSONValue, id: String) {
        let id = check.newID()
        let record = try await check.setUp { try await check.succeed(operation, data, id: id) }
        return (record, id)
    }

    /// The newest record of an image of so many versions, where the service knows versions; else of one.
    private static func ofVersions(_ check: CheckContext, _ count: Int) async throws -> JSONValue {
        var record = try await check.create()
        guard check.mayAddVersions else { return record }
        for _ in 1..<count {
            record = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(record))
            }
        }
        return record
    }

    /// The event of an operation.
    private static func find(_ check: CheckContext, _ name: String, _ id: String) async throws -> Received {
        let found = await check.session.events.take(within: check.run.timeout) {
            $0.delivery.routingKey == name && $0.json?["operation_id"]?.string == id
        }
        guard let found else {
            try Task.checkCancellation()
            throw CheckFailure("event.missing", "no \(name) with the operation's id was published")
        }
        check.note(found)
        return found
    }

    private static func expectEvent(
        _ check: CheckContext,
        _ name: String,
        _ id: String,
        _ record: JSONValue
    ) async throws {
        let event = try await find(check, name, id)
        try check.requireEqual(
            event.json?["data"],
            at: ["data"],
            record,
            "event.other-record",
            "the data of \(name) is not the record that was answered"
        )
    }

    /// Another effect, and its event: what would be published before it is there.
    private static func barrier(_ check: CheckContext) async throws {
        let (_, id) = try await effect(check, "create_image", check.imageData())
        try await check.setUp { _ = try await find(check, "image.created", id) }
        try await quiet(check)
    }

    private static func quiet(_ check: CheckContext) async throws {
        try await check.run.time.sleep(for: check.run.quiet)
    }
}
