import FaultPlan
import JSON

/// What a hub tells of itself: the faults that are armed, and the journal that their decisions go into.
package struct HubRecords: Sendable {
    package let journal: Journal
    package let faults: ArmedFaults
    /// Whether every message is written down, too.
    private let tellsMessages: Bool

    package init(timeline: Timeline, plan: FaultPlan = .none, tellsMessages: Bool = false) {
        let nowMs = { @Sendable in timeline.now.microseconds / 1000 }
        journal = Journal(nowMs: nowMs)
        faults = ArmedFaults(journal: journal, nowMs: nowMs)
        self.tellsMessages = tellsMessages
        if !plan.rules.isEmpty { faults.armConfigured(plan) }
    }

    func connection(_ change: String, _ id: ConnectionID, _ name: String? = nil) {
        var details: [String: JSONValue] = ["change": .string(change), "connection": .integer(Int64(id.rawValue))]
        details["name"] = name.map(JSONValue.string)
        journal.append(.connection, details)
    }

    /// Writes down a publish.
    func message(_ command: Command) {
        guard tellsMessages, case .publish(let id, _, let message, _, _) = command else { return }
        journal.append(.request, details("publish", message, id))
    }

    /// Writes down deliveries.
    func messages(_ directives: ArraySlice<Directive>) {
        guard tellsMessages else { return }
        for case .deliver(let delivery) in directives {
            var details = details("delivery", delivery.message, delivery.connection)
            details["queue"] = .string(delivery.queue)
            journal.append(.request, details)
        }
    }

    private func details(_ what: String, _ message: Message, _ id: ConnectionID) -> [String: JSONValue] {
        [
            "what": .string(what), "connection": .integer(Int64(id.rawValue)), "exchange": .string(message.exchange),
            "routing_key": .string(message.routingKey), "bytes": .integer(Int64(message.body.count)),
        ]
    }
}
