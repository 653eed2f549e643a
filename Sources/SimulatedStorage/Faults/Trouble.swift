import FaultPlan
import MessageHub
import Octets
import ServiceLifecycle
import Synchronization

/// What of a storage's faults goes on beyond the request that they struck.
final class Trouble: Sendable {
    /// A request that is in its queue again.
    private struct GivenBack {
        /// How often it is to go back yet.
        var left: Int
        let phase: FaultPhase
    }

    /// How one instance stands still.
    private struct Standstill {
        /// Until when nothing is done, on the clock of `TimeSource.now()`.
        var stalledUntil = Duration.zero
        /// Until when it is gone from the hub.
        var downUntil = Duration.zero
        /// Until when its asset API is gone.
        var assetsDownUntil = Duration.zero
    }

    private struct State {
        /// By the instance's number.
        var standstills: [Int: Standstill] = [:]
        /// Replies that were published while a plan was armed.
        var replies = 0
        /// Operations that came and are not answered, the latest last.
        var inFlight: [String] = []
        var latest: [String] = []
        var pasts = ImagePasts()
        var givenBack: [ExactText: GivenBack] = [:]
    }

    /// How often what waits was told to wait no more. Whoever waits compares it with what it was when its request came.
    struct Mark: Sendable, Equatable {
        fileprivate var releases = 0
        fileprivate var resets = 0
    }

    /// Requests that are to be given back again when they come. One more: the rule matches nothing.
    private static let givenBackMax = 1000
    private let state = Mutex(State())
    private let replied = WakeUp()
    private let marks = Mutex(Mark())
    /// A mark has changed.
    private let marked = WakeUp()

    // MARK: The end of waiting. What a fault has made up need not be waited for once nobody wants the fault any more.

    /// To be taken when a request comes.
    var mark: Mark { marks.withLock { $0 } }

    /// Whether all was thrown away since then: what came before belongs to nobody, and must have no effect.
    func wasReset(since mark: Mark) -> Bool { marks.withLock { $0.resets != mark.resets } }

    /// Waits as a fault has it: until the time is over, unless the wait is ended before, by a release, a reset or a drain.
    /// - Parameter mark: that of the request that waits; what ended its waits once ends the later ones too.
    /// - Throws: `CancellationError` where the task is cancelled.
    func wait(for duration: Duration, since mark: Mark, on time: TimeSource) async throws {
        try Task.checkCancellation()
        let seen = marked.count
        guard duration > .zero, self.mark == mark, !Task.isShuttingDownGracefully else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time.sleep(for: duration) }
            group.addTask { [marked] in try await marked.wait(after: seen) }
            group.addTask { try await gracefulShutdown() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Waits in the same way until nothing is left of a standstill.
    func standStill(since mark: Mark, on time: TimeSource, while left: () -> Duration) async throws {
        while self.mark == mark, !Task.isShuttingDownGracefully {
            let rest = left()
            guard rest > .zero else { return }
            try await wait(for: rest, since: mark, on: time)
        }
    }

    /// Whatever waits goes on at once, and what was gone is back: the faults were taken away.
    func release() {
        state.withLock { $0.standstills = [:] }
        marks.withLock { $0.releases += 1 }
        marked.signal()
    }

    /// All is as at the beginning, and what was gone is back. Requests that came before are dropped.
    func forget() {
        marks.withLock { $0.resets += 1 }
        state.withLock { $0 = State() }
        marked.signal()
    }

    // MARK: Standstill. What strikes one instance leaves the others on the same store alone.

    func stall(_ instance: StorageInstance, until end: Duration) {
        state.withLock { state in
            let until = state.standstills[instance.number, default: Standstill()].stalledUntil
            state.standstills[instance.number, default: Standstill()].stalledUntil = max(until, end)
        }
    }

    /// - Parameter hasAssetsDown: whether the asset API is gone too.
    func goDown(_ instance: StorageInstance, until end: Duration, hasAssetsDown: Bool) {
        state.withLock { state in
            var standstill = state.standstills[instance.number] ?? Standstill()
            standstill.downUntil = max(standstill.downUntil, end)
            if hasAssetsDown { standstill.assetsDownUntil = max(standstill.assetsDownUntil, end) }
            state.standstills[instance.number] = standstill
        }
    }

    private func left(
        _ instance: StorageInstance,
        _ end: KeyPath<Standstill, Duration>,
        at now: Duration
    ) -> Duration {
        state.withLock { max(.zero, ($0.standstills[instance.number]?[keyPath: end] ?? .zero) - now) }
    }

    /// How long nothing is to be done yet.
    func stallLeft(_ instance: StorageInstance, at now: Duration) -> Duration {
        left(instance, \.stalledUntil, at: now)
    }

    /// How long the instance is gone from the hub yet.
    func downLeft(_ instance: StorageInstance, at now: Duration) -> Duration { left(instance, \.downUntil, at: now) }

    /// Whether its asset API is gone.
    func hasAssetsDown(_ instance: StorageInstance, at now: Duration) -> Bool {
        left(instance, \.assetsDownUntil, at: now) > .zero
    }

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
}
