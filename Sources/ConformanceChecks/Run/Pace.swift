import Synchronization

/// How fast the service answers, and how much the checker itself has asked that is not answered yet.
///
/// Most checks run beside each other, so that a request may stand in the queue behind others of the checker's. The time
/// that it waits there is not the service's: a wait counts from when the requests before it were answered.
final class Pace: Sendable {
    private struct State {
        var samples: [Duration] = []
        /// The requests that wait for their replies, by their numbers, with the last moment at which one before was answered.
        var waiting: [Int: Duration?] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// A request by itself took so long.
    func measured(_ duration: Duration) { state.withLock { $0.samples.append(duration) } }

    /// What a request by itself takes: the middle of what was measured, so that one that had to wait for something else
    /// does not count; at most two seconds.
    var roundTrip: Duration {
        state.withLock { state in
            state.samples.isEmpty ? .zero : min(.seconds(2), state.samples.sorted()[state.samples.count / 2])
        }
    }

    /// How long a service that does one after the other takes for all that is asked and not answered.
    var backlog: Duration {
        let roundTrip = roundTrip
        return roundTrip * state.withLock { $0.waiting.count }
    }

    /// How many checks are worth having under way, of so many: with more, they would only wait for each other.
    func checksAtATime(_ atMost: Int, timeout: Duration) -> Int {
        let roundTrip = roundTrip
        guard roundTrip > .zero else { return atMost }
        // A check has a few requests under way at most; twenty round trips of each are well within the timeout.
        return min(atMost, max(1, Int(timeout / (roundTrip * 20))))
    }

    /// A request is sent now; its number.
    func sent() -> Int {
        state.withLock { state in
            state.next += 1
            state.waiting[state.next] = .some(nil)
            return state.next
        }
    }

    /// Nobody waits for a reply to it any more.
    /// - Parameter moment: when it was answered; `nil`: it was not.
    func ended(_ number: Int, answered moment: Duration?) {
        state.withLock { state in
            state.waiting[number] = nil
            guard let moment else { return }
            for key in state.waiting.keys where key > number { state.waiting[key] = .some(moment) }
        }
    }

    /// When a request before this one was answered last; `nil`: none has been since this one was sent.
    func progress(before number: Int) -> Duration? { state.withLock { $0.waiting[number] ?? nil } }
}
