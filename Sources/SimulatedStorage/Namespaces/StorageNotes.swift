import FaultPlan
import HubProtocol
import JSON
import Synchronization

/// What a storage writes into the journal: every request, what faults decide about it, its effect, its reply and its
/// event. Of bodies it tells what rules look at, and no more; never a header, a token or an address.
final class StorageNotes: Sendable {
    private let journal: Journal
    private let namespace: String
    private let isOn: Bool
    /// Held while a request is written down and decided about, so that the journal has the order of the decisions.
    private let order = Mutex(())

    init(journal: Journal, namespace: String, isOn: Bool) {
        self.journal = journal
        self.namespace = namespace
        self.isOn = isOn
    }

    /// Writes a request down, and asks the plan about it.
    /// - Parameters:
    ///   - instance: which instance it has come to, by its number; the first one goes without saying.
    ///   - kinds: those that can strike it; those of `all` that are not among them are written down too.
    ///   - spared: points at which one of them finds nothing to strike; they are written down as well.
    func request(
        _ subject: @autoclosure () -> FaultSubject,
        operationID: String?,
        instance: Int,
        faults: ArmedFaults?,
        among kinds: FaultKindSet,
        sparing spared: Set<FaultPoint> = [],
        of all: FaultKindSet
    ) -> FaultDecision? {
        guard let faults, faults.isArmed(all) else {
            faults?.pass(subject())
            if isOn { journal.append(.request, namespace: namespace, details(subject(), operationID, instance)) }
            return nil
        }
        let subject = subject()
        return order.withLock { _ in
            var details = details(subject, operationID, instance)
            let without =
                FaultKind.allCases.filter { all.contains($0) && !kinds.contains($0) }.map(\.rawValue)
                + spared.map(\.description).sorted()
            if !without.isEmpty { details["without"] = .array(without.map(JSONValue.string)) }
            // A decision can be played again only where its request is known.
            journal.append(.request, namespace: namespace, details)
            return faults.decide(subject, among: kinds, sparing: spared)
        }
    }

    func effect(_ what: String, _ details: @autoclosure () -> [String: JSONValue]) {
        guard isOn else { return }
        journal.append(.effect, namespace: namespace, details().merging(["what": .string(what)]) { $1 })
    }

    /// The effects of a decision of the engine.
    func effects(of decision: Decision) {
        guard isOn else { return }
        for event in decision.events {
            effect(
                event.kind.rawValue,
                [
                    "operation_id": .string(event.operationID), "image_id": .string(event.record.id),
                    "version": .integer(Int64(event.record.version)),
                ]
            )
        }
    }

    /// A reply that the hub has taken.
    func reply(to operationID: String?, body: [UInt8]) {
        guard isOn else { return }
        var details: [String: JSONValue] = ["bytes": .integer(Int64(body.count))]
        details["operation_id"] = operationID.map(JSONValue.string)
        // Long ones are pages or nonsense: neither has a code.
        if body.count <= 4096, let json = try? JSONValue(parsing: body) {
            details["status"] = json["status"]?.string.map(JSONValue.string)
            details["code"] = json["error"]?["code"]?.string.map(JSONValue.string)
        }
        journal.append(.reply, namespace: namespace, details)
    }

    /// An answer of the asset API; no status where the connection was ended instead.
    func answer(route: String, status: Int?) {
        guard isOn else { return }
        var details: [String: JSONValue] = ["route": .string(route)]
        details["status"] = status.map { .integer(Int64($0)) }
        journal.append(.reply, namespace: namespace, details)
    }

    /// An event that the hub has taken.
    func event(_ event: StorageEvent) {
        guard isOn else { return }
        journal.append(
            .event,
            namespace: namespace,
            [
                "what": .string(event.kind.rawValue), "image_id": .string(event.record.id),
                "event_id": .string(event.eventID), "operation_id": .string(event.operationID),
            ]
        )
    }

    private func details(_ subject: FaultSubject, _ operationID: String?, _ instance: Int) -> [String: JSONValue] {
        var details: [String: JSONValue] = [:]
        if instance > 1 { details["instance"] = .integer(Int64(instance)) }
        details["operation_id"] = operationID.map(JSONValue.string)
        for (key, value) in subject.noted { details[key] = .string(value) }
        return details
    }
}

extension FaultSubject {
    /// What a rule for storage can look at, by its name in a plan.
    fileprivate var noted: [(String, String)] {
        [
            ("operation", operation), ("image_id", imageID), ("name", name), ("type", type), ("theme", theme),
            ("route", route),
        ].compactMap { key, value in value.map { (key, $0) } }
    }

    /// A subject as the journal has it.
    init(noted details: [String: JSONValue]) {
        self.init(
            operation: details["operation"]?.string,
            imageID: details["image_id"]?.string,
            name: details["name"]?.string,
            type: details["type"]?.string,
            theme: details["theme"]?.string,
            route: details["route"]?.string
        )
    }
}
