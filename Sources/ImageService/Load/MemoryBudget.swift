import MessageHub
import Synchronization

/// The memory that all requests together may take for bytes in transfer and for decoding (`MAX_INFLIGHT_BYTES`).
///
///     let held = try budget.holdTransfer(contentLength)
///     defer { held.release() }
package final class MemoryBudget: Sendable {
    /// Past the limit: 503 `OVERLOADED` with `Retry-After`.
    package struct Exceeded: Error, Sendable, Hashable {
        package init() {}
    }

    /// How much of it is taken.
    package struct Load: Sendable, Hashable {
        package var bytesMax: Int
        package var transferBytes: Int
        package var decodeBytes: Int
        /// Decodes that wait for their turn.
        package var waiting: Int
        /// How often memory was refused since the start.
        package var refusals: UInt64
    }

    private struct State: Sendable {
        var ledger: MemoryLedger
        var refusals: UInt64 = 0
        var nextID: UInt64 = 0
        var continuations: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        /// Granted, or given up, before their continuation was there.
        var early: [UInt64: Bool] = [:]
    }

    private let state: Mutex<State>
    private let time: TimeSource
    private let waitMax: Duration
    private let memoryReturn: MemoryReturn?

    /// - Parameters:
    ///   - bytesMax: the limit over all requests.
    ///   - waitersMax: how many decodes may wait; one more is refused at once.
    ///   - waitMax: how long a decode waits at most.
    ///   - memoryReturn: told when memory is taken and given back.
    package init(
        bytesMax: Int,
        waitersMax: Int,
        waitMax: Duration,
        time: TimeSource,
        memoryReturn: MemoryReturn? = nil
    ) {
        state = Mutex(State(ledger: MemoryLedger(bytesMax: bytesMax, waitersMax: waitersMax)))
        self.time = time
        self.waitMax = waitMax
        self.memoryReturn = memoryReturn
    }

    /// What is held now, for the health report.
    package var usedBytes: Int { state.withLock { $0.ledger.usedBytes } }

    /// What is held now, and who waits.
    package var load: Load {
        state.withLock { state in
            Load(
                bytesMax: state.ledger.bytesMax,
                transferBytes: state.ledger.transferBytes,
                decodeBytes: state.ledger.decodeBytes,
                waiting: state.ledger.waiting,
                refusals: state.refusals
            )
        }
    }

    /// Holds memory for a transfer, or refuses at once.
    package func holdTransfer(_ bytes: Int) throws(Exceeded) -> HeldMemory {
        try grow(by: bytes)
        return HeldMemory(bytes, of: .transfer, from: self)
    }

    /// Holds memory for a decode, where it need not wait for it.
    package func holdDecodeAtOnce(_ bytes: Int) -> HeldMemory? {
        guard state.withLock({ $0.ledger.decodeAskedAtOnce(bytes) }) else { return nil }
        noteHolding()
        return HeldMemory(bytes, of: .decode, from: self)
    }

    /// Holds memory for a decode, first come, first served; refuses when its turn does not come in time.
    package func holdDecode(_ bytes: Int) async throws(Exceeded) -> HeldMemory {
        let (id, answer) = state.withLock { state in
            state.nextID += 1
            return (state.nextID, state.ledger.decodeAsked(bytes, waiter: state.nextID))
        }
        switch answer {
        case .granted: break
        case .refused: throw refusal()
        case .queued: guard await waitForTurn(id) else { throw refusal() }
        }
        noteHolding()
        return HeldMemory(bytes, of: .decode, from: self)
    }

    fileprivate func grow(by bytes: Int) throws(Exceeded) {
        guard state.withLock({ $0.ledger.transferAsked(bytes) }) else { throw refusal() }
        noteHolding()
    }

    private func noteHolding() { memoryReturn?.holding(usedBytes) { [weak self] in self?.usedBytes ?? 0 } }

    private func refusal() -> Exceeded {
        state.withLock { $0.refusals += 1 }
        return Exceeded()
    }

    fileprivate func release(_ bytes: Int, of kind: MemoryLedger.Kind) {
        state.withLock { state in settle(state.ledger.released(bytes, of: kind), as: true, in: &state) }
        noteHolding()
    }

    /// Whether the turn came before the time was over or the task was cancelled.
    private func waitForTurn(_ id: UInt64) async -> Bool {
        await withTaskGroup(of: Void.self, returning: Bool.self) { group in
            group.addTask {
                do {
                    try await self.time.sleep(for: self.waitMax)
                    self.giveUp(id)
                } catch {
                    // The turn came first, and this sleep was cancelled.
                }
            }
            defer { group.cancelAll() }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in self.attach(continuation, to: id) }
            } onCancel: {
                self.giveUp(id)
            }
        }
    }

    private func attach(_ continuation: CheckedContinuation<Bool, Never>, to id: UInt64) {
        state.withLock { state in
            if let outcome = state.early.removeValue(forKey: id) {
                continuation.resume(returning: outcome)
            } else {
                state.continuations[id] = continuation
            }
        }
    }

    private func giveUp(_ id: UInt64) {
        state.withLock { state in
            guard let movedUp = state.ledger.gaveUp(id) else { return }
            settle([id], as: false, in: &state)
            settle(movedUp, as: true, in: &state)
        }
    }

    // Resuming a continuation only makes its task ready to run, so it may be done inside the lock.
    private func settle(_ ids: [UInt64], as outcome: Bool, in state: inout State) {
        for id in ids {
            if let continuation = state.continuations.removeValue(forKey: id) {
                continuation.resume(returning: outcome)
            } else {
                state.early[id] = outcome
            }
        }
    }
}

/// Memory that a request holds. It is given back when this value goes, at the latest.
package final class HeldMemory: Sendable {
    private let bytes: Mutex<Int>
    private let kind: MemoryLedger.Kind
    private let budget: MemoryBudget

    fileprivate init(_ bytes: Int, of kind: MemoryLedger.Kind, from budget: MemoryBudget) {
        self.bytes = Mutex(bytes)
        self.kind = kind
        self.budget = budget
    }

    deinit { release() }

    /// How much it is.
    package var heldBytes: Int { bytes.withLock { $0 } }

    /// Gives back what is held over so much.
    package func shrink(to total: Int) {
        let surplus = bytes.withLock { held in
            let surplus = max(0, held - total)
            held -= surplus
            return surplus
        }
        if surplus > 0 { budget.release(surplus, of: kind) }
    }

    /// Holds so much in all from now on, for a transfer whose length was not known. Less than before changes nothing.
    package func grow(to total: Int) throws(MemoryBudget.Exceeded) {
        precondition(kind == .transfer, "Cannot grow memory for a decode: it would have to wait while it holds some")
        let missing = bytes.withLock { total - $0 }
        guard missing > 0 else { return }
        try budget.grow(by: missing)
        bytes.withLock { $0 += missing }
    }

    /// Gives it back. Again: nothing.
    package func release() {
        let held = bytes.withLock { held in
            defer { held = 0 }
            return held
        }
        if held > 0 { budget.release(held, of: kind) }
    }
}
