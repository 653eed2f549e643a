import HubProtocol
import Synchronization

/// The way out for events: one batch at a time for the whole store, in the order of the effects.
///
/// Several instances may want to publish; who has a batch is alone until it is settled. What was not published stays
/// and comes first in the next batch, so an image's events keep their order and none is lost.
public actor EventOutbox {
    private let records: any RecordStore
    private let backlogMax: Int
    private let backlog = Mutex(0)
    private let wakeUp = WakeUp()
    private var isTaken = false

    init(records: any RecordStore, backlogMax: Int) {
        self.records = records
        self.backlogMax = backlogMax
    }

    /// So many events are about to be added. To be said before anybody can see them: whoever publishes may be done with
    /// them before the transaction that adds them is back, and settles only what was counted.
    nonisolated func expect(_ count: Int) { backlog.withLock { $0 += count } }

    /// The events that were expected are there.
    nonisolated func arrived() { wakeUp.signal() }

    /// So many events have been thrown away, or did not come after all.
    nonisolated func removed(_ count: Int) {
        guard count > 0 else { return }
        backlog.withLock { $0 = max(0, $0 - count) }
        wakeUp.signal()
    }

    /// Whether further effects are welcome, or the events of former ones should go out first. What a store had pending
    /// when the process started is not counted.
    nonisolated var hasRoom: Bool { backlogCount < backlogMax }

    /// How many events have been added and neither published nor thrown away.
    package nonisolated var backlogCount: Int { backlog.withLock { $0 } }

    /// Waits until there is room. Throws `CancellationError` where the task is cancelled.
    nonisolated func waitForRoom() async throws {
        while true {
            let count = wakeUp.count
            if hasRoom { return }
            try await wakeUp.wait(after: count)
        }
    }

    /// The oldest events, at most `limit`, at least one: waits for them. Must be followed by `settle`.
    func take(limit: Int) async throws -> [PendingEvent] {
        while true {
            let count = wakeUp.count
            if let events = try await takeNow(limit: limit) { return events }
            try await wakeUp.wait(after: count)
        }
    }

    /// As `take`, but `nil` where there are none, or another has some.
    func takeNow(limit: Int) async throws -> [PendingEvent]? {
        guard !isTaken else { return nil }
        isTaken = true
        let count = wakeUp.count
        do {
            let events = try await records.transact(.reading) { reader throws(RecordStoreError) in
                (try reader.pendingEvents(limit: limit), [])
            }
            guard events.isEmpty else { return events }
            isTaken = false
            // Whoever was woken meanwhile has found this one here, and must look again.
            if wakeUp.count != count { wakeUp.signal() }
            return nil
        } catch {
            release()
            throw error
        }
    }

    /// Ends what `take` began: these have been published, the others of the batch have not.
    func settle(published: Set<Int64>) async throws {
        defer { release() }
        guard !published.isEmpty else { return }
        try await records.transact(.writing) { _ throws(RecordStoreError) in
            ((), [.forgetEvents(sequences: published)])
        }
        backlog.withLock { $0 = max(0, $0 - published.count) }
    }

    private func release() {
        isTaken = false
        wakeUp.signal()
    }
}
