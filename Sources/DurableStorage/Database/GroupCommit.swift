import GRDB
import SimulatedStorage
import Synchronization

/// Decisions that come at the same time share one transaction: one wait for the disk, however many they are.
///
/// Each decision has a savepoint of its own, so that one that fails leaves nothing and harms no other. Nobody is
/// answered before the commit is on the disk: also a decision that changed nothing may have seen what another one of its
/// group changed.
final class GroupCommit: Sendable {
    /// Decisions in a group at most: a large one keeps its first decision waiting for long.
    private static let groupMax = 256

    private struct Queue {
        // Its length is bounded by those who wait: requests that are handled, uploads that are under way.
        var waiting: [any PendingDecision] = []
        var isRunning = false
        /// Decisions of the group that is being settled.
        var inGroup = 0
    }

    private let pool: DatabasePool
    private let notes: OperationNotes
    private let onStep: StepObserver
    private let queue = Mutex(Queue())

    init(pool: DatabasePool, notes: OperationNotes, onStep: @escaping StepObserver) {
        self.pool = pool
        self.notes = notes
        self.onStep = onStep
    }

    /// Decisions that were taken and are not settled.
    var unsettledCount: Int { queue.withLock { $0.waiting.count + $0.inGroup } }

    /// Takes a decision, which is told when it is settled.
    func add(_ decision: any PendingDecision) {
        let startsRunning = queue.withLock { queue in
            queue.waiting.append(decision)
            defer { queue.isRunning = true }
            return !queue.isRunning
        }
        guard startsRunning else { return }
        // On GRDB's writing queue, which waits for the disk in place of everybody else.
        pool.asyncWriteWithoutTransaction { database in
            while let group = self.nextGroup() { self.settle(group, on: SQLConnection(database: database)) }
        }
    }

    private func nextGroup() -> [any PendingDecision]? {
        queue.withLock { queue in
            guard !queue.waiting.isEmpty else {
                queue.isRunning = false
                queue.inGroup = 0
                return nil
            }
            let group = Array(queue.waiting.prefix(Self.groupMax))
            queue.waiting.removeFirst(group.count)
            queue.inGroup = group.count
            return group
        }
    }

    private func settle(_ group: [any PendingDecision], on connection: SQLConnection) {
        var failures: [Int: RecordStoreError] = [:]
        do {
            // What an earlier failure may have left open.
            if connection.isInTransaction { try connection.rollBack() }
            try connection.begin()
            onStep(.began)
            var tally = Tally()
            for (index, decision) in group.enumerated() {
                do {
                    tally.add(try carryOut(decision, after: tally, on: connection))
                } catch {
                    // Where the error has ended the transaction, the decisions before it are undone too.
                    guard connection.isInTransaction else { throw error }
                    failures[index] = error
                }
            }
            try tally.write(to: connection)
            onStep(.beforeCommit)
            try connection.commit()
            onStep(.afterCommit)
        } catch {
            let error = RecordStoreError(error)
            // Where this fails too, the next group tries it again before it begins.
            try? connection.rollBack()
            for decision in group { decision.fail(error) }
            return
        }
        for (index, decision) in group.enumerated() {
            if let error = failures[index] { decision.fail(error) } else { decision.succeed() }
        }
        onStep(.answered)
    }

    /// Decides and applies; tells what that did to the counts. What it throws has left nothing.
    private func carryOut(
        _ decision: any PendingDecision,
        after tally: Tally,
        on connection: SQLConnection
    ) throws(RecordStoreError) -> Tally {
        let changes = try decision.decide(SQLiteReader(connection: connection, notes: notes, pending: tally))
        onStep(.decided)
        guard !changes.isEmpty else { return Tally() }
        var writer = ChangeWriter(connection: connection, notes: notes)
        try connection.run("SAVEPOINT decision")
        do {
            for change in changes { try writer.apply(change) }
            try connection.run("RELEASE decision")
        } catch {
            if connection.isInTransaction {
                try connection.run("ROLLBACK TO decision")
                try connection.run("RELEASE decision")
            }
            throw error
        }
        onStep(.applied)
        return writer.tally
    }
}

/// A decision that waits for its turn, and whoever waits for it.
protocol PendingDecision: Sendable {
    func decide(_ reader: any RecordReader) throws(RecordStoreError) -> [Change]
    /// What was decided is on the disk.
    func succeed()
    func fail(_ error: RecordStoreError)
}

/// A decision with its outcome, once it has one.
final class WaitingDecision<Outcome: Sendable>: PendingDecision {
    typealias Decide = @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])

    private let body: Decide
    private let continuation: CheckedContinuation<Result<Outcome, RecordStoreError>, Never>
    private let outcome = Mutex<Outcome?>(nil)

    init(_ body: @escaping Decide, _ continuation: CheckedContinuation<Result<Outcome, RecordStoreError>, Never>) {
        self.body = body
        self.continuation = continuation
    }

    func decide(_ reader: any RecordReader) throws(RecordStoreError) -> [Change] {
        let (outcome, changes) = try body(reader)
        self.outcome.withLock { $0 = outcome }
        return changes
    }

    func succeed() {
        guard let outcome = outcome.withLock({ $0 }) else { preconditionFailure("Cannot succeed before it is decided") }
        continuation.resume(returning: .success(outcome))
    }

    func fail(_ error: RecordStoreError) { continuation.resume(returning: .failure(error)) }
}
