import HubProtocol
import MessageHub
import Synchronization

/// How the latest requests of one kind to storage went: for the health report, which so tells of a storage that takes
/// requests and does not answer them.
package final class RequestOutcomes: Sendable {
    package enum Limits {
        /// How long an answer counts as a sign of life: as long as an announcement does.
        static let answerLifetime = Duration.seconds(ServiceAnnouncement.defaultTTLSeconds)
        /// How long a request may wait while nothing else is answered; then storage is asked how it is, should somebody
        /// want to know.
        package static let patience = Duration.seconds(1)
    }

    /// What the end of a request says of storage.
    package enum Outcome: Sendable, Hashable {
        /// It answered, be it with a refusal.
        case answered
        /// There was no answer, or none that makes sense.
        case failed
        /// It answered something that may be a refusal or a failure: it has to be asked.
        case doubtful
        /// Nothing.
        case untold
    }

    private struct State: Sendable {
        var requests = 0
        var failures = 0
        var isFailing = false
        var isDoubtful = false
        var lastAnswer: Duration?
        /// Since when each of the requests waits that are under way.
        var waiting: [Int: Duration] = [:]
        var nextNumber = 0

        mutating func answered(at now: Duration) {
            isFailing = false
            isDoubtful = false
            lastAnswer = now
        }

        func isStuck(at now: Duration) -> Bool {
            // Only now and then is somebody interested: so nobody keeps them in order.
            guard let oldest = waiting.values.min(), now - oldest > Limits.patience else { return false }
            return lastAnswer.map { now - $0 > Limits.patience } ?? true
        }
    }

    private let state = Mutex(State())
    private let time: TimeSource

    package init(time: TimeSource) { self.time = time }

    /// A client's request begins; `ended` is to be told the number.
    package func began() -> Int {
        let now = time.now()
        return state.withLock { state in
            state.nextNumber += 1
            state.waiting[state.nextNumber] = now
            return state.nextNumber
        }
    }

    /// A client's request has ended, after all its attempts.
    package func ended(_ number: Int, _ outcome: Outcome) {
        let now = time.now()
        state.withLock { state in
            state.waiting[number] = nil
            switch outcome {
            case .answered:
                state.requests += 1
                state.answered(at: now)
            case .failed:
                state.requests += 1
                state.failures += 1
                state.isFailing = true
            case .doubtful:
                state.requests += 1
                state.isDoubtful = true
            case .untold: break
            }
        }
    }

    /// What the service itself asked has ended, which is no request of a client.
    ///
    /// - Parameter begin: when it was asked. What was answered since then tells more than a failure.
    package func probed(_ outcome: Outcome, since begin: Duration) {
        let now = time.now()
        state.withLock { state in
            switch outcome {
            case .answered: state.answered(at: now)
            case .failed:
                if let lastAnswer = state.lastAnswer, lastAnswer >= begin { return }
                state.isFailing = true
                state.isDoubtful = false
            case .doubtful, .untold: break
            }
        }
    }

    /// Whether storage has to be asked to know how it is: it failed, or may have, or lets clients wait.
    package var mustBeProbed: Bool {
        let now = time.now()
        return state.withLock { $0.isFailing || $0.isDoubtful || $0.isStuck(at: now) }
    }

    package var hasAnswered: Bool {
        let now = time.now()
        return state.withLock { $0.lastAnswer.map { now - $0 < Limits.answerLifetime } ?? false }
    }

    /// Whether the last that was heard of storage is a failure. A single one may be an accident, and no length of time
    /// makes it good: `OutcomeProbe` finds out.
    package var isFailing: Bool { state.withLock { $0.isFailing } }

    /// Requests of clients since the start that storage had to do with, and those of them that failed.
    package var counts: (requests: Int, failures: Int) { state.withLock { ($0.requests, $0.failures) } }
}
