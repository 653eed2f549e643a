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
        _ alarms: Alarms,
        _ work: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        guard remaining(alarms.time) > .zero else { throw StorageTrouble.timedOut }
        // What is posted first counts.
        let outcome = Mailbox<Result<Value, any Error>>()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                do {
                    outcome.post(.success(try await work()))
                } catch {
                    outcome.post(.failure(error))
                }
            }
            let alarm = alarms.set(at: end) { outcome.post(.failure(StorageTrouble.timedOut)) }
            defer {
                alarms.clear(alarm)
                group.cancelAll()
            }
            return try await outcome.next().get()
        }
    }
}
