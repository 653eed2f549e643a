import MessageHub

/// Asks the hub for a sign of life when somebody wants to know how the service is.
///
/// A connection tells of its end when the other side closes it. A hub that stands still, or a network that swallows
/// everything, shows only in what is not answered: heartbeats take many seconds to notice it.
package struct HubProbe: Sendable {
    package enum Look: Sendable, Hashable {
        case silent
        /// How many consume storage's queue; `nil` where that cannot be told.
        case answered(consumers: Int?)
    }

    private let shared: SharedLook<Look>

    /// - Parameter ask: returns when the hub has answered, or throws.
    package init(ask: @escaping @Sendable () async throws -> Int?, time: TimeSource) {
        let alarms = Alarms(time: time)
        shared = SharedLook(time: time) {
            do {
                let consumers = try await Deadline(after: ProbeLimits.timeout, of: time).limiting(alarms, ask)
                return .answered(consumers: consumers)
            } catch {
                return .silent
            }
        }
    }

    /// Returns after ``ProbeLimits/timeout`` at most.
    package func look() async -> Look { await shared.answer() }
}
