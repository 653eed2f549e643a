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
    /// Bytes that the entries say, as JSON. Where there are more, fewer entries are kept.
    public static let bytesMax = 32 << 20
    /// Characters of one text in an entry that are kept; of a longer one, its beginning with `…`. A record has it whole.
    public static let textMax = 1000

    private struct Waiter {
        let number: UInt64
        let after: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var ring: JournalRing
        var digests = NamespaceDigests()
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
        state = Mutex(State(ring: JournalRing(capacity: capacity, bytesMax: Self.bytesMax)))
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
            state.ring.append(entry.shortened(to: Self.textMax))
            state.digests.note(entry)
            state.recorder?(entry)
            let woken = state.waiters
            state.waiters.removeAll()
            return (entry.sequence, woken)
        }
        for waiter in woken { waiter.continuation.resume() }
        return sequence
    }

    /// The entries after a sequence number that are still kept, the oldest first.
    /// - Parameters:
    ///   - after: 0 for all of them.
    ///   - limit: how many at most.
    ///   - namespace: only the entries of this one, and its digest; nil: all.
    public func entries(after: Int, limit: Int = Int.max, namespace: String? = nil) -> JournalPage {
        let (ring, digest) = state.withLock { state in
            (state.ring, namespace.map(state.digests.own) ?? state.digests.total)
        }
        guard after <= ring.last else {
            return JournalPage(entries: [], next: 0, dropped: 0, digest: digest.description, isBeyondEnd: true)
        }
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
    public var digest: String { state.withLock { $0.digests.total.description } }

    /// The same for one namespace alone, whatever its name is: equal plans and requests in two namespaces give equal ones.
    /// - Parameter namespace: empty for the default one.
    public func digest(of namespace: String) -> String { state.withLock { $0.digests.own(namespace).description } }

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
    /// `Journal.digest` at this moment; of the namespace alone, where one was asked for.
    public let digest: String
    /// There never was an entry of the number that was asked for: it is from the journal of another start, and `next` leads
    /// to the beginning of this one.
    public let isBeyondEnd: Bool

    init(entries: [JournalEntry], next: Int, dropped: Int, digest: String, isBeyondEnd: Bool = false) {
        self.entries = entries
        self.next = next
        self.dropped = dropped
        self.digest = digest
        self.isBeyondEnd = isBeyondEnd
    }
}
