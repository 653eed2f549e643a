import ServiceLifecycle

/// Waiting with an end.
package enum Waiting {
    /// Runs something that ends when its task is cancelled, but only for so long, and not past the server's end: a
    /// server that is asked to stop does not wait for what may never come.
    /// - Returns: what it returned; false where it was ended before.
    package static func upTo(
        milliseconds: Int,
        on clock: any Clock<Duration>,
        _ body: @escaping @Sendable () async -> Bool
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask(operation: body)
            tasks.addTask {
                // Throws when cancelled because another one was first, which is no matter; the same below.
                try? await gracefulShutdown()
                return false
            }
            tasks.addTask {
                try? await clock.sleep(for: .milliseconds(milliseconds))
                return false
            }
            let first = await tasks.next() ?? false
            tasks.cancelAll()
            return first
        }
    }
}
