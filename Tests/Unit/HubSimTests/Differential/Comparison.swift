import AMQP
import Testing

@testable import HubSim

/// Performs the same operations on a HubSim and on another hub, step by step, and stops where they differ.
struct Comparison {
    /// Where two hubs differ.
    struct Difference: CustomStringConvertible {
        let operations: [Operation]
        let expected: Heard
        let heard: Heard
        /// The same as a scenario.
        let source: String

        var description: String { "\(source)\n  HubSim heard:\n\(expected)\n  the other hub heard:\n\(heard)" }
    }

    /// How long what HubSim has said is waited for on the other hub.
    private static let patience = Duration.milliseconds(1500)

    /// The port of the other hub; nil: a second HubSim.
    let port: Int?

    /// Performs operations until they are over or the hubs differ.
    /// - Parameter next: the next operation; nil: there is none.
    func run(_ next: (ComparedHub) -> Operation?) async throws -> Difference? {
        try await HubSim.withHub(.forTests) { ours in
            if let port { return try await run(ours, port, next) }
            var configuration = HubConfiguration.forTests
            configuration.seed = 1
            return try await HubSim.withHub(configuration) { try await run(ours, $0.port, next) }
        }
    }

    private func run(_ ours: HubSim, _ port: Int, _ next: (ComparedHub) -> Operation?) async throws -> Difference? {
        try await ScenarioPlayer.clean(port)
        let left = try await ComparedHub.connect(port: ours.port)
        let right = try await ComparedHub.connect(port: port)
        var operations: [Operation] = []
        var source = ScenarioSource()
        var difference: Difference?
        while difference == nil, let operation = next(left) {
            operations.append(operation)
            // What comes before a delivery depends on how deliveries were numbered: that must be alike on both.
            let isAlike = left.labels(operation.seat) == right.labels(operation.seat)
            let isMultiple = operation.isMultiple && isAlike
            try await left.perform(operation, isMultiple: isMultiple)
            try await left.fenceAll()
            let queues = Self.queues(ours)
            try await left.count(queues)
            source.append(left.said, operation.seat)
            do {
                try await right.perform(operation, isMultiple: isMultiple)
                try await Self.settle(right, like: left.heard, queues)
            } catch let failure as Heard.Failure {
                difference = Difference(
                    operations: operations,
                    expected: left.heard,
                    heard: Heard(counts: ["": failure.description]),
                    source: source.text
                )
                continue
            }
            guard left.heard != right.heard else { continue }
            difference = Difference(
                operations: operations,
                expected: left.heard,
                heard: right.heard,
                source: source.text
            )
        }
        try await left.leave()
        try await right.leave()
        return difference
    }

    /// Listens until the hub has said what is expected, or for long.
    private static func settle(
        _ hub: ComparedHub,
        like expected: Heard,
        _ queues: [(name: String, owner: String)]
    ) async throws {
        try await hub.fenceAll()
        // Twice: a message may be on its way from one queue to another.
        try await hub.count(queues)
        try await hub.count(queues)
        let deadline = ContinuousClock.now + patience
        while hub.heard != expected, ContinuousClock.now < deadline {
            try await hub.linger(.milliseconds(5))
            try await hub.count(queues)
        }
    }

    /// The queues, and which client may ask for them.
    private static func queues(_ hub: HubSim) -> [(name: String, owner: String)] {
        hub.hub.look { broker in
            var names: [ConnectionID: String] = [:]
            for connection in broker.connections.values { names[connection.id] = connection.profile.name }
            let queues = broker.hosts["/"]?.queues.values.sorted { $0.name < $1.name } ?? []
            return queues.map { queue in (queue.name, queue.owner.flatMap { names[$0] } ?? "a") }
        }
    }
}

extension Operation {
    /// Whether it settles more than the delivery that it names.
    fileprivate var isMultiple: Bool {
        if case .settle(_, let settlement) = action { settlement.coversEarlier } else { false }
    }
}
