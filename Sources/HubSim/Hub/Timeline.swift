import HeapModule
import MessageHub
import Synchronization

/// Everything that the hub does later hangs on one of these: expiry, heartbeats, timeouts. It sleeps on a `TimeSource`,
/// so a clock that is turned by hand turns all of it. On a `VirtualClock` nothing sleeps: the clock itself looks here for what
/// is due, runs it, and knows when it is done.
package final class Timeline: Sendable {
    /// Names something that is scheduled, so that it can be cancelled.
    package struct Token: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    private struct Entry: Comparable {
        let at: Instant
        let number: UInt64
        var isRecurring = false
        static func < (left: Entry, right: Entry) -> Bool { (left.at, left.number) < (right.at, right.number) }
    }

    private struct State {
        var entries = Heap<Entry>()
        var actions: [UInt64: @Sendable () -> Void] = [:]
        var lastNumber: UInt64 = 0
        /// What sleeps until the earliest entry.
        var sleeper: (at: Instant, task: Task<Void, Never>)?
        /// The number of the latest sleeper.
        var lastSleeper: UInt64 = 0
        var hasEnded = false
        /// How many actions are being run at this moment.
        var runningCount = 0
        /// Waits until doors have carried out what they were given.
        var barrier: (@Sendable () async -> Void)?
    }

    private let time: TimeSource
    private let state = Mutex(State())
    /// The clock, where it is one that is turned by hand, and what it showed when this time line began.
    private let virtual: (clock: VirtualClock, start: VirtualClock.Instant)?
    /// What is on its way to event loops.
    let work = WorkCount()

    package init(time: TimeSource) {
        self.time = time
        virtual = (time.clock as? VirtualClock).map { ($0, $0.now.advanced(by: .zero - time.now())) }
        virtual?.clock.attach(self)
    }

    /// Sets what a virtual clock waits for after every action, beside the action itself.
    func setBarrier(_ barrier: @escaping @Sendable () async -> Void) { state.withLock { $0.barrier = barrier } }

    /// The time now.
    package var now: Instant { Instant(time.now()) }

    /// The wall time in milliseconds since 1970.
    var wallMilliseconds: Int64 { time.timestamp().millisecondsSinceEpoch }

    /// The wall time in seconds since 1970.
    package var wallSeconds: Int64 { wallMilliseconds / 1000 }

    /// Runs an action at that time, or at once where it has passed. The action is called from a task and must be quick.
    /// - Parameter isRecurring: whether it leads to the next of its kind for ever, as a heartbeat does; nothing is idle or
    ///   busy for such a one.
    @discardableResult
    package func schedule(at: Instant, isRecurring: Bool = false, _ action: @escaping @Sendable () -> Void) -> Token {
        state.withLock { state in
            state.lastNumber += 1
            let token = Token(number: state.lastNumber)
            guard !state.hasEnded, at != .never else { return token }
            state.entries.insert(Entry(at: at, number: token.number, isRecurring: isRecurring))
            state.actions[token.number] = action
            arm(&state)
            return token
        }
    }

    /// Forgets what was scheduled; too late, nothing happens.
    package func cancel(_ token: Token) {
        state.withLock { state in
            state.actions[token.number] = nil
            // What is cancelled stays in the heap until its time, unless most of the heap is like that.
            guard state.entries.count > 64, state.entries.count > 2 * state.actions.count else { return }
            let actions = state.actions
            state.entries = Heap(state.entries.unordered.filter { actions[$0.number] != nil })
        }
    }

    /// Which sleeper is the latest.
    var sleeperNumber: UInt64 { state.withLock { $0.lastSleeper } }

    /// Forgets everything, for good.
    package func end() {
        state.withLock { state in
            state.hasEnded = true
            state.actions.removeAll()
            state.entries = Heap()
            state.sleeper?.task.cancel()
            state.sleeper = nil
        }
    }

    /// Sees to it that someone sleeps until the earliest entry.
    private func arm(_ state: inout State) {
        guard let earliest = state.entries.min?.at else { return }
        if virtual != nil {
            // A task of its own, so that nobody who schedules runs what he scheduled.
            if earliest <= now { Task { [weak self] in self?.runDue() } }
            return
        }
        if let sleeper = state.sleeper {
            guard earliest < sleeper.at else { return }
            sleeper.task.cancel()
        }
        let wait = earliest.sinceStart - time.now()
        state.lastSleeper += 1
        let number = state.lastSleeper
        // A task of its own, because nobody waits for it: it ends by itself, or with `end`.
        let task = Task { [time, weak self] in
            if wait > .zero { try? await time.sleep(for: wait) }
            if !Task.isCancelled { self?.fire(number) }
        }
        state.sleeper = (earliest, task)
    }

    /// Runs what is due, for the sleeper that has woken. One that was replaced meanwhile leaves it to the new one: that
    /// sleeps for what is earliest.
    func fire(_ number: UInt64) {
        let due = state.withLock { state -> [@Sendable () -> Void] in
            guard state.lastSleeper == number else { return [] }
            state.sleeper = nil
            defer { arm(&state) }
            return takeDue(&state)
        }
        run(due)
    }

    private func takeDue(_ state: inout State) -> [@Sendable () -> Void] {
        let now = now
        var due: [@Sendable () -> Void] = []
        while let next = state.entries.min, next.at <= now {
            state.entries.removeMin()
            if let action = state.actions.removeValue(forKey: next.number) { due.append(action) }
        }
        state.runningCount += due.count
        return due
    }

    private func run(_ due: [@Sendable () -> Void]) {
        for action in due { action() }
        state.withLock { $0.runningCount -= due.count }
    }
}

extension Timeline: VirtualClock.Dial {
    /// When something is scheduled next, on the clock.
    func next(isRecurringToo: Bool) -> VirtualClock.Instant? {
        guard let virtual else { return nil }
        let at = state.withLock { state -> Instant? in
            // What was cancelled is no reason to stop at its time.
            while let first = state.entries.min, state.actions[first.number] == nil { state.entries.removeMin() }
            if isRecurringToo { return state.entries.min?.at }
            return state.entries.unordered.filter { !$0.isRecurring && state.actions[$0.number] != nil }.min()?.at
        }
        return at.map { virtual.start.advanced(by: $0.sinceStart) }
    }

    /// Runs what is due by the clock, to its end.
    func runDue() { run(state.withLock { takeDue(&$0) }) }

    /// Waits until everything that has been begun is done: actions that run elsewhere, and what doors were given.
    func settle() async {
        while state.withLock({ $0.runningCount > 0 }) { await Task.yield() }
        await state.withLock { $0.barrier }?()
    }
}
