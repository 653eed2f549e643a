import MessageHub

/// Asks the asset API how it is when somebody wants to know how the service is.
package struct AssetProbe: Sendable {
    private let shared: SharedLook<Bool>

    package init(prober: any AssetProber, time: TimeSource) {
        shared = SharedLook(time: time) { await prober.isHealthy(within: ProbeLimits.timeout) }
    }

    /// Returns after ``ProbeLimits/timeout`` at most.
    package func isHealthy() async -> Bool { await shared.answer() }
}
