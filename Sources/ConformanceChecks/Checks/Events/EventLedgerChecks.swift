import JSON

/// The events of a whole run against what was answered in it (docs/protocol.md §13).
enum EventLedgerChecks {
    static let all = [
        Check(
            "events.ledger",
            "Every effect of the run has its event, with an event_id of its own",
            .events,
            ["HUB-EVT-001", "HUB-EVT-002", "HUB-EVT-006", "HUB-EVT-009", "HUB-EVT-016"],
            company: .alone
        ) { check in
            let effects = check.run.effects.all
            let events = try await arrived(check, effects)
            for effect in effects {
                let found = events[Array(effect.operationID.utf8), default: []]
                let ids = Set(found.map { $0.json?["event_id"]?.string ?? "" })
                try check.require(
                    ids.count == 1,
                    "event.id-changed",
                    "the \(effect.operation) \(effect.operationID) has events with different event_ids",
                    expected: ["event_ids": 1],
                    actual: ["event_ids": .array(ids.sorted().map(JSONValue.string))]
                )
                guard let record = effect.record else { continue }
                for event in found where event.json?["data"] != record {
                    check.note(event)
                    throw CheckFailure(
                        "event.other-record",
                        "the data of \(effect.event) of the operation \(effect.operationID) is not the record that was "
                            + "answered",
                        expected: ["data": record],
                        actual: ["data": event.json?["data"] ?? .null]
                    )
                }
            }
            try requireOwnIDs(check, effects, events)
        }
    ]

    /// The events of the run by their operation id, once each effect has one.
    private static func arrived(
        _ check: CheckContext,
        _ effects: [Effects.Effect]
    ) async throws -> [[UInt8]: [Received]] {
        let end = check.run.time.now() + check.run.timeout
        while true {
            let all = check.session.events.all()
            let events = Dictionary(grouping: all) { Array(($0.json?["operation_id"]?.string ?? "").utf8) }
            let without = effects.filter { effect in
                !events[Array(effect.operationID.utf8), default: []].contains {
                    $0.delivery.routingKey == effect.event
                }
            }
            if without.isEmpty { return events }
            // Of more than are looked at nobody knows whether one is missing.
            if all.count >= Limits.heardMax {
                throw NothingToCheck(message: "more events came than are looked at (\(Limits.heardMax))")
            }
            guard check.run.time.now() < end else {
                try Task.checkCancellation()
                throw CheckFailure(
                    "event.missing",
                    "of \(effects.count) effects that were answered in this run, \(without.count) have no event with the "
                        + "operation's id",
                    expected: ["effects": .integer(Int64(effects.count)), "without_event": []],
                    actual: [
                        "effects": .integer(Int64(effects.count)),
                        "without_event": .array(without.prefix(5).map { .string("\($0.operation) \($0.operationID)") }),
                    ]
                )
            }
            try await check.run.time.sleep(for: .milliseconds(100))
        }
    }

    /// No two effects have events with the same `event_id`.
    private static func requireOwnIDs(
        _ check: CheckContext,
        _ effects: [Effects.Effect],
        _ events: [[UInt8]: [Received]]
    ) throws {
        var owners: [[UInt8]: Effects.Effect] = [:]
        for effect in effects {
            guard let event = events[Array(effect.operationID.utf8)]?.first,
                let id = event.json?["event_id"]?.string
            else { continue }
            if let owner = owners[Array(id.utf8)] {
                check.note(event)
                throw CheckFailure(
                    "event.id-shared",
                    "two events have the same event_id: those of the \(owner.operation) \(owner.operationID) and the "
                        + "\(effect.operation) \(effect.operationID)",
                    actual: ["event_id": .string(id)]
                )
            }
            owners[Array(id.utf8)] = effect
        }
    }
}
