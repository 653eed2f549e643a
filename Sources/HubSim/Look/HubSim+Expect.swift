import MessageHub

/// Waiting for a state of the hub.
extension HubSim {
    /// Waits until the condition holds; it is looked at after everything that happens.
    /// - Returns: false where the task was cancelled or the hub was shut down before.
    public func waitUntil(_ condition: HubCondition) async -> Bool { await hub.wait(for: condition) }

    /// Waits until the condition holds, in real time, whatever clock the hub hangs on.
    /// - Throws: `HubExpectationError`, which tells what was missing and how the hub stood, when the time is over.
    ///
    ///     try await hub.expect(.acknowledged(from: "q", atLeast: 3), within: .seconds(5))
    public func expect(
        _ condition: HubCondition,
        within limit: Duration = .seconds(5)
    ) async throws(HubExpectationError) {
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await self.waitUntil(condition) ? .holds : .ended }
            group.addTask {
                // Cancelled, it is not the time that is over.
                do { try await TimeSource.system.sleep(for: limit) } catch { return .ended }
                return .late
            }
            let first = await group.next() ?? .ended
            group.cancelAll()
            return first
        }
        switch outcome {
        case .holds: return
        case .ended: throw HubExpectationError(condition: condition, reason: .ended, snapshot: snapshot())
        case .late: throw HubExpectationError(condition: condition, reason: .timeLimit(limit), snapshot: snapshot())
        }
    }

    private enum Outcome {
        case holds, ended, late
    }
}
