import MessageHub

/// Asks the hub for a sign of life when somebody wants to know how the service is, and keeps the answer for a moment.
///
/// A connection tells of its end when the other side closes it. A hub that stands still, or a network that swallows
/// everything, shows only in what is not answered: heartbeats take many seconds to notice it.
package actor HubProbe {
    package enum Limits {
        /// How long the hub may take to answer; then it is silent. Supervisors often wait for `/health` no longer than a second.
        static let timeout = Duration.milliseconds(900)
        /// How long an answer is kept.
        static let lifetime = Duration.milliseconds(500)
    }

    package enum Look: Sendable, Hashable {
        case silent
        /// How many consume storage's queue; `nil` where that cannot be told.
        case answered(consumers: Int?)
    }

    private let ask: @Sendable () async throws -> Int?
    private let time: TimeSource
    private var latest: (look: Look, at: Duration)?
    private var running: Task<Look, Never>?

    /// - Parameter ask: returns when the hub has answered, or throws.
    package init(ask: @escaping @Sendable () async throws -> Int?, time: TimeSource) {
        self.ask = ask
        self.time = time
    }

    /// Returns after ``Limits/timeout`` at most.
    package func look() async -> Look {
        if let latest, time.now() - latest.at < Limits.lifetime { return latest.look }
        if let running { return await running.value }
        // A task of its own, because all who ask meanwhile share it: it must not end with the first of them.
        let probe = Task { await askInTime() }
        running = probe
        let look = await probe.value
        running = nil
        latest = (look, time.now())
        return look
    }

    private func askInTime() async -> Look {
        do {
            return .answered(
                consumers: try await Deadline(after: Limits.timeout, of: time).limiting(Alarms(time: time), ask)
            )
        } catch {
            return .silent
        }
    }
}
