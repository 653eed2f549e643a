import HubProtocol
import JSON
import MessageHub
import Synchronization

/// How the latest operations over the hub went: for the health report, which so tells of a storage that takes requests
/// and does not answer them.
package final class StorageOutcomes: Sendable {
    package enum Limits {
        /// How long an answer counts as a sign of life: as long as an announcement does.
        static let answerLifetime = Duration.seconds(ServiceAnnouncement.defaultTTLSeconds)
    }

    private struct State: Sendable {
        var operations = 0
        var failures = 0
        var isFailing = false
        var lastAnswer: Duration?
    }

    private let state = Mutex(State())
    private let time: TimeSource

    package init(time: TimeSource) { self.time = time }

    /// Storage answered, be it with a refusal.
    func answered() {
        let now = time.now()
        state.withLock {
            $0.operations += 1
            $0.isFailing = false
            $0.lastAnswer = now
        }
    }

    /// There was no answer, or none that makes sense.
    func failed() {
        state.withLock {
            $0.operations += 1
            $0.failures += 1
            $0.isFailing = true
        }
    }

    /// Storage answered what the service itself asked, which is no operation of a client.
    func recovered() {
        let now = time.now()
        state.withLock {
            $0.isFailing = false
            $0.lastAnswer = now
        }
    }

    package var hasAnswered: Bool {
        let now = time.now()
        return state.withLock { $0.lastAnswer.map { now - $0 < Limits.answerLifetime } ?? false }
    }

    /// Whether the last that was heard of storage is a failure. A single one may be an accident, and no length of time
    /// makes it good: `OperationProbe` finds out.
    package var isFailing: Bool { state.withLock { $0.isFailing } }

    /// Operations asked for since the start, and those of them that failed.
    package var counts: (operations: Int, failures: Int) { state.withLock { ($0.operations, $0.failures) } }
}

/// A requester whose outcomes are watched.
package struct WatchedRequester: OperationRequester {
    private let requester: any OperationRequester
    private let outcomes: StorageOutcomes
    private let metrics: ServiceMetrics
    private let time: TimeSource

    package init(
        _ requester: any OperationRequester,
        outcomes: StorageOutcomes,
        metrics: ServiceMetrics,
        time: TimeSource
    ) {
        self.requester = requester
        self.outcomes = outcomes
        self.metrics = metrics
        self.time = time
    }

    package func perform(
        _ operation: StorageOperation,
        for call: StorageCall
    ) async throws(StorageTrouble) -> JSONValue {
        let start = time.now()
        do {
            let data = try await requester.perform(operation, for: call)
            metrics.operationEnded(operation.name, .success, after: time.now() - start)
            outcomes.answered()
            return data
        } catch {
            metrics.operationEnded(operation.name, ServiceMetrics.Outcome(error), after: time.now() - start)
            switch error {
            case .rejected: outcomes.answered()
            case .invalidResponse, .unavailable, .timedOut: outcomes.failed()
            case .overloaded, .cancelled: break
            }
            throw error
        }
    }
}
