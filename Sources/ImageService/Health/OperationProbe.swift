import HubProtocol
import MessageHub

/// Finds out whether storage still does not answer over the hub, when the last that was heard of it is a failure and
/// somebody wants to know how it is.
///
/// Nothing is asked of a storage that answers, nor of one that nobody asked anything of: what is on the hub is what
/// clients wanted, but for this one case.
package actor OperationProbe {
    package enum Limits {
        /// From the beginning of one question to that of the next.
        static let pause = Duration.seconds(1)
    }

    private let hub: any OperationRequester
    private let outcomes: StorageOutcomes
    private let time: TimeSource
    private let makeOperationID: @Sendable () -> String
    private var lastBegin: Duration?
    private var running: Task<Void, Never>?

    /// - Parameters:
    ///   - hub: asked directly: what the service asks for itself is not counted with what clients asked for.
    ///   - makeOperationID: a new UUID each time.
    package init(
        hub: any OperationRequester,
        outcomes: StorageOutcomes,
        time: TimeSource,
        makeOperationID: @escaping @Sendable () -> String
    ) {
        self.hub = hub
        self.outcomes = outcomes
        self.time = time
        self.makeOperationID = makeOperationID
    }

    /// Returns when `StorageOutcomes.isFailing` is true to life, after ``ProbeLimits/timeout`` at most.
    package func settle() async {
        if let running { return await running.value }
        guard outcomes.isFailing else { return }
        let now = time.now()
        if let lastBegin, now - lastBegin < Limits.pause { return }
        lastBegin = now
        // A task of its own, because all who ask meanwhile share it: it must not end with the first of them.
        let probe = Task { await ask() }
        running = probe
        await probe.value
        running = nil
    }

    private func ask() async {
        let call = StorageCall(
            operationID: makeOperationID(),
            deadline: Deadline(after: ProbeLimits.timeout, of: time),
            trace: nil
        )
        do {
            _ = try await hub.perform(.listImages(ListImages(limit: 1)), for: call)
            outcomes.recovered()
        } catch {
            switch error {
            case .rejected: outcomes.recovered()
            // As before: it fails, or nobody asked it.
            case .invalidResponse, .unavailable, .timedOut, .overloaded, .cancelled: break
            }
        }
    }
}
