import MessageHub

/// Asks the asset API how it is when somebody wants to know how the service is.
package struct AssetProbe: Sendable {
    private let shared: SharedLook<Bool>

    package init(assets: any AssetClient, time: TimeSource) {
        shared = SharedLook(time: time) { await assets.isHealthy(within: ProbeLimits.timeout) }
    }

    /// Returns after ``ProbeLimits/timeout`` at most.
    package func isHealthy() async -> Bool { await shared.answer() }
}
