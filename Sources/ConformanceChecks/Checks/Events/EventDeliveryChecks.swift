import JSON

/// What becomes of an event that the hub does not take at once (docs/protocol.md §13).
enum EventDeliveryChecks {
    private static let needs: [Capability] = [.insideHub, .operation("update_image")]
    private static let events = HubPublications.byKey("image.*")
    /// Longer than it takes to cut a connection on a busy machine.
    private static let heldMs = 2000

    static let all = [
        Check(
            "events.refused-once",
            "An event that the hub refuses is published again, before the image's next one",
            .events,
            ["HUB-EVT-002", "HUB-EVT-003"],
            needs: needs,
            company: .alone,
            isHeavy: true
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let (image, created) = try await check.effect("create_image", check.imageData())
            try await check.setUp { try await check.event("image.created", created) }
            await inside.refuse(events, count: 1)
            defer { inside.endTrouble() }
            var ids: [String] = []
            for number in 1...3 {
                let name = JSONValue.string("name \(number)")
                ids.append(try await check.effect("update_image", check.about(image, ["name": name])).id)
            }
            for (number, id) in ids.enumerated() {
                do {
                    try await check.event("image.updated", id)
                } catch is CheckFailure {
                    throw CheckFailure(
                        "event.lost-when-refused",
                        "the hub refused an event (basic.nack) once: of three updates of an image, number \(number + 1) "
                            + "has no image.updated"
                    )
                }
            }
            let order = check.session.events.all().compactMap { event in
                ids.firstIndex(of: event.json?["operation_id"]?.string ?? "").map { Int64($0 + 1) }
            }
            let first = (1...3).map { Int64($0) }.sorted {
                order.firstIndex(of: $0) ?? 0 < order.firstIndex(of: $1) ?? 0
            }
            try check.require(
                first == [1, 2, 3],
                "event.order",
                "the hub refused an event (basic.nack) once, and later ones of its image were published before it",
                expected: ["updates": [1, 2, 3]],
                actual: ["updates": .array(first.map { .integer($0) })]
            )
        },
        Check(
            "events.unconfirmed",
            "After a lost connection events go on; one that is published again has the same event_id",
            .events,
            ["HUB-EVT-002", "HUB-EVT-006"],
            needs: needs,
            company: .alone,
            isHeavy: true
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let image = try await check.create()
            await inside.holdConfirms(of: events, ms: heldMs)
            let id: String
            do {
                defer { inside.endTrouble() }
                id = try await check.effect("update_image", check.about(image, ["name": "unconfirmed"])).id
                try await check.setUp { try await check.event("image.updated", id) }
                // It is there, and who published it does not know: it will publish it again.
                await inside.cutConsumers(of: check.session.topology.queue, deletingIt: false)
            }
            try await check.setUp { try await check.waitForService() }
            let next = try await check.effect("update_image", check.about(image, ["name": "after"]))
            do {
                try await check.expectEvent("image.updated", next.id, next.record)
            } catch let failure as CheckFailure where failure.reason == "event.missing" {
                throw CheckFailure(
                    "event.none-after-reconnection",
                    "after a lost connection an update_image was not followed by image.updated"
                )
            }
            let found = check.session.events.all().filter { $0.json?["operation_id"]?.string == id }
            let ids = Set(found.map { $0.json?["event_id"]?.string ?? "" })
            try check.require(
                ids.count == 1,
                "event.id-changed",
                "an event that was published again, as the hub had not confirmed it, has another event_id",
                expected: ["event_ids": 1],
                actual: ["event_ids": .array(ids.sorted().map(JSONValue.string))]
            )
        },
    ]
}
