import MessageHub

/// What one operation of storage carries with it, over the hub and over HTTP.
package struct StorageCall: Sendable, Hashable {
    /// A UUID, made before the first byte goes out; the same in every retry.
    package var operationID: String
    package var deadline: Deadline
    /// The trace, as the client sent it or as it was made for it.
    package var trace: TraceContext?

    package init(operationID: String, deadline: Deadline, trace: TraceContext?) {
        self.operationID = operationID
        self.deadline = deadline
        self.trace = trace
    }
}

/// The point in a `TimeSource`'s time at which an operation ends, whatever it has come to (`STORAGE_TIMEOUT_MS`).
package struct Deadline: Sendable, Hashable {
    private let end: Duration

    package init(after duration: Duration, of time: TimeSource) { end = time.now() + duration }

    /// What is left, never negative.
    package func remaining(_ time: TimeSource) -> Duration { max(.zero, end - time.now()) }

    /// Carries out work, and gives it up with `StorageTrouble.timedOut` when the time is over.
    func limiting<Value: Sendable>(
        _ time: TimeSource,
        _ work: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        let remaining = remaining(time)
        guard remaining > .zero else { throw StorageTrouble.timedOut }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await time.sleep(for: remaining)
                return nil
            }
            defer { group.cancelAll() }
            guard let ended = try await group.next(), let value = ended else { throw StorageTrouble.timedOut }
            return value
        }
    }
}
