import Synchronization

/// Calls those back whose time has come. One task sleeps for all of them: a timer for each deadline would outlive, by
/// seconds, most of what it watches.
///
///     let alarm = alarms.set(at: alarms.time.now() + .seconds(5)) { giveUp() }
///     defer { alarms.clear(alarm) }
public final class Alarms: Sendable {
    /// One that was set.
    public struct Alarm: Sendable, Hashable {
        fileprivate let number: Int
    }

    private struct Entry: Sendable {
        let due: Duration
        let ring: @Sendable () -> Void
    }

    private struct State: Sendable {
        var entries: [Int: Entry] = [:]
        var nextNumber = 0
        /// The one task that sleeps, while an alarm is set, and until when.
        var sleeper: Task<Void, Never>?
        var wakeAt: Duration?
    }

    public let time: TimeSource
    private let state = Mutex(State())

    public init(time: TimeSource) { self.time = time }

    deinit { state.withLock { $0.sleeper?.cancel() } }

    /// Calls `ring`, which must not take long, at this time or a moment later, unless the alarm is cleared before.
    public func set(at due: Duration, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        state.withLock { state in
            let alarm = Alarm(number: state.nextNumber)
            state.nextNumber += 1
            state.entries[alarm.number] = Entry(due: due, ring: ring)
            if let wakeAt = state.wakeAt, wakeAt <= due { return alarm }
            state.sleeper?.cancel()
            state.wakeAt = due
            // Not a child of whoever sets the alarm: it serves all, and none is its owner. It ends when none is set.
            state.sleeper = Task { [weak self, time] in
                var pause: Duration? = due - time.now()
                while let next = pause {
                    // Alarms closer together than this are served by one waking.
                    do { try await time.sleep(for: max(next, .milliseconds(1))) } catch { return }
                    pause = self?.wake()
                }
            }
            return alarm
        }
    }

    /// Takes an alarm back; it may be ringing already.
    public func clear(_ alarm: Alarm) { state.withLock { _ = $0.entries.removeValue(forKey: alarm.number) } }

    /// Rings what is due; how long until the next one, `nil` for none.
    private func wake() -> Duration? {
        let (due, pause) = state.withLock { state -> ([Entry], Duration?) in
            // A successor has been started meanwhile, for an earlier alarm.
            if Task.isCancelled { return ([], nil) }
            let now = time.now()
            let due = state.entries.filter { $0.value.due <= now }
            for number in due.keys { state.entries[number] = nil }
            state.wakeAt = state.entries.values.lazy.map(\.due).min()
            if state.wakeAt == nil { state.sleeper = nil }
            return (due.sorted { $0.key < $1.key }.map(\.value), state.wakeAt.map { $0 - now })
        }
        for entry in due { entry.ring() }
        return pause
    }
}
