import FaultPlan
import Octets
import Synchronization

/// What of a storage's faults goes on beyond the request that they struck.
final class Trouble: Sendable {
    /// A request that is in its queue again.
    private struct GivenBack {
        /// How often it is to go back yet.
        var left: Int
        let phase: FaultPhase
    }

    private struct State {
        /// Until when nothing is done, on the clock of `TimeSource.now()`.
        var stalledUntil = Duration.zero
        /// Until when storage is gone from the hub.
        var downUntil = Duration.zero
        /// Until when its asset API is gone.
        var assetsDownUntil = Duration.zero
        /// Replies that were published while a plan was armed.
        var replies = 0
        /// Operations that came and are not answered, the latest last.
        var inFlight: [String] = []
        var latest: [String] = []
        var pasts = ImagePasts()
        var givenBack: [ExactText: GivenBack] = [:]
    }

    /// Requests that are to be given back again when they come. One more: the rule matches nothing.
    private static let givenBackMax = 1000
    private let state = Mutex(State())
    private let replied = WakeUp()

    // MARK: Standstill

    func stall(until end: Duration) { state.withLock { $0.stalledUntil = max($0.stalledUntil, end) } }

    /// - Parameter hasAssetsDown: whether the asset API is gone too.
    func goDown(until end: Duration, hasAssetsDown: Bool) {
        state.withLock { state in
            state.downUntil = max(state.downUntil, end)
            if hasAssetsDown { state.assetsDownUntil = max(state.assetsDownUntil, end) }
        }
    }

    /// How long nothing is to be done yet.
    func stallLeft(at now: Duration) -> Duration { state.withLock { max(.zero, $0.stalledUntil - now) } }

    /// How long storage is gone from the hub yet.
    func downLeft(at now: Duration) -> Duration { state.withLock { max(.zero, $0.downUntil - now) } }

    /// Whether the asset API is gone.
    func hasAssetsDown(at now: Duration) -> Bool { state.withLock { $0.assetsDownUntil > now } }

    // MARK: Operations under way

    func began(_ operationID: String) {
        state.withLock { state in
            state.inFlight.append(operationID)
            state.latest.removeAll { $0 == operationID }
            state.latest.append(operationID)
            // Its own, and one other.
            if state.latest.count > 2 { state.latest.removeFirst() }
        }
    }

    func ended(_ operationID: String) {
        state.withLock { state in
            guard let index = state.inFlight.firstIndex(of: operationID) else { return }
            state.inFlight.remove(at: index)
        }
    }

    /// The last other operation that came and is not answered, or else that came at all.
    func other(than operationID: String) -> String? {
        state.withLock { state in
            state.inFlight.last { $0 != operationID } ?? state.latest.last { $0 != operationID }
        }
    }

    // MARK: Replies

    var replies: Int { state.withLock(\.replies) }

    func published() {
        state.withLock { $0.replies += 1 }
        replied.signal()
    }

    /// Waits until so many replies have been published. Throws `CancellationError` where the task is cancelled.
    func waitForReplies(_ count: Int) async throws {
        while true {
            let seen = replied.count
            if replies >= count { return }
            try await replied.wait(after: seen)
        }
    }

    // MARK: The past

    func note(_ past: ImagePast) { state.withLock { $0.pasts.note(past) } }

    func past(of imageID: String?) -> ImagePast? { state.withLock { $0.pasts[imageID] } }

    // MARK: Given back

    /// Whether another request can be given back for several times.
    var canGiveBack: Bool { state.withLock { $0.givenBack.count < Self.givenBackMax } }

    /// The request goes back now, and so it shall `count` times in all.
    func giveBack(_ operationID: String, count: Int, at phase: FaultPhase) {
        state.withLock { $0.givenBack[ExactText(operationID)] = GivenBack(left: count - 1, phase: phase) }
    }

    /// What becomes of a request that comes again because it was given back.
    enum Return: Equatable {
        /// It was not given back.
        case none
        /// It stays.
        case stays
        /// It goes back once more, at this point.
        case goesBack(FaultPhase)
    }

    /// A request came: whether that is because it was given back.
    func returned(_ operationID: String) -> Return {
        state.withLock { state in
            let key = ExactText(operationID)
            guard let given = state.givenBack[key] else { return .none }
            guard given.left > 0 else {
                state.givenBack[key] = nil
                return .stays
            }
            state.givenBack[key]?.left -= 1
            return .goesBack(given.phase)
        }
    }

    /// All is as at the beginning.
    func forget() { state.withLock { $0 = State() } }
}
