import JSON
import Synchronization

/// What happened in a simulator, in order, bounded: the oldest entries make room for new ones.
///
///     let journal = Journal(nowMs: clock)
///     journal.append(.request, ["operation": "get_image"])
///     let page = await journal.entries(after: lastSeen)      // waits until there is one
public final class Journal: Sendable {
    /// Entries that are kept where nothing else is said.
    public static let defaultCapacity = 10_000

    /// Namespaces whose decisions are told apart. Those of one more stay in the digest when it is reset.
    public static let namespacesMax = 10_000

    private struct Waiter {
        let number: UInt64
        let after: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var ring: JournalRing
        var digest = DecisionDigest()
        /// The part of each namespace in it, which its reset takes out.
        var parts: [String: DecisionDigest] = [:]
        var waiters: [Waiter] = []
        var lastWaiter: UInt64 = 0
        /// Gets every entry, while the journal is locked: so in order.
        var recorder: (@Sendable (JournalEntry) -> Void)?
    }

    private let state: Mutex<State>
    private let nowMs: @Sendable () -> Int64
    private let startMs: Int64

    /// - Parameters:
    ///   - capacity: how many entries are kept; at least 1.
    ///   - nowMs: the time in milliseconds on any clock that does not go back.
    public init(capacity: Int = Journal.defaultCapacity, nowMs: @escaping @Sendable () -> Int64) {
        state = Mutex(State(ring: JournalRing(capacity: capacity)))
        self.nowMs = nowMs
        startMs = nowMs()
    }

    /// Writes an entry.
    /// - Returns: its sequence number.
    @discardableResult
    public func append(_ event: JournalEvent, namespace: String = "", _ details: [String: JSONValue] = [:]) -> Int {
        let (sequence, woken) = state.withLock { state -> (Int, [Waiter]) in
            let entry = JournalEntry(
                sequence: state.ring.last + 1,
                atMs: nowMs() - startMs,
                event: event,
                namespace: namespace,
                details: details
            )
            state.ring.append(entry)
            Self.count(entry, &state)
            state.recorder?(entry)
            let woken = state.waiters
            state.waiters.removeAll()
            return (entry.sequence, woken)
        }
        for waiter in woken { waiter.continuation.resume() }
        return sequence
    }

    /// Adds a decision to the digest; a reset takes out what its namespace has decided before.
    private static func count(_ entry: JournalEntry, _ state: inout State) {
        if entry.event == .decision {
            var decision = DecisionDigest()
            decision.add(entry)
            state.digest.add(decision)
            if state.parts[entry.namespace] != nil || state.parts.count < namespacesMax {
                state.parts[entry.namespace, default: DecisionDigest()].add(decision)
            }
        } else if entry.event == .reset, let past = state.parts.removeValue(forKey: entry.namespace) {
            state.digest.remove(past)
        }
    }

    /// The entries after a sequence number that are still kept, the oldest first.
    /// - Parameters:
    ///   - after: 0 for all of them.
    ///   - limit: how many at most.
    ///   - namespace: only the entries of this one; nil: all.
    public func entries(after: Int, limit: Int = Int.max, namespace: String? = nil) -> JournalPage {
        let (ring, digest) = state.withLock { ($0.ring, $0.digest) }
        var entries: [JournalEntry] = []
        var next = max(after, ring.oldest - 1)
        while next < ring.last, entries.count < limit {
            next += 1
            let entry = ring[next]
            if namespace == nil || entry.namespace == namespace { entries.append(entry) }
        }
        return JournalPage(
            entries: entries,
            next: next,
            dropped: max(0, ring.oldest - 1 - max(after, 0)),
            digest: digest.description
        )
    }

    /// Waits until there is an entry after this number, or the task is cancelled. What comes later stays for the next
    /// call, and an entry of any namespace ends the wait.
    public func waitForEntry(after: Int) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Cancelled before it could be noted, when the handler below had nobody to wake.
                    if state.ring.last > after || Task.isCancelled { return true }
                    state.waiters.append(Waiter(number: number, after: after, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume()
        }
    }

    /// The number of the latest entry; 0 before there is one.
    public var lastSequence: Int { state.withLock { $0.ring.last } }

    /// Hashes every decision of each namespace since its last reset, whatever order they came in: after a reset the same
    /// plan and the same requests give the same digest again.
    public var digest: String { state.withLock { $0.digest.description } }

    /// Gives every further entry to this function too, in order. It is called while the journal is locked: keep it
    /// short, and do not call the journal.
    public func record(_ recorder: (@Sendable (JournalEntry) -> Void)?) {
        state.withLock { $0.recorder = recorder }
    }
}

/// A part of a journal.
public struct JournalPage: Sendable, Hashable {
    public let entries: [JournalEntry]
    /// Ask after this one for what follows.
    public let next: Int
    /// Entries after the number that was asked for which are not kept any more.
    public let dropped: Int
    /// `Journal.digest` at this moment.
    public let digest: String
}
