import MessageHub

/// Asks the asset API how it is when somebody wants to know, and keeps the answer for a moment, so that nobody can make
/// this service ask storage more often than that.
package actor AssetProbe {
    package enum Limits {
        /// How long the asset API may take to answer; then it is not well. Supervisors often wait for `/health` no longer than a second.
        static let timeout = Duration.milliseconds(900)
        /// How long an answer is kept.
        static let lifetime = Duration.milliseconds(500)
    }

    private let assets: any AssetClient
    private let time: TimeSource
    private var latest: (isHealthy: Bool, at: Duration)?
    private var running: Task<Bool, Never>?

    package init(assets: any AssetClient, time: TimeSource) {
        self.assets = assets
        self.time = time
    }

    package func isHealthy() async -> Bool {
        if let latest, time.now() - latest.at < Limits.lifetime { return latest.isHealthy }
        if let running { return await running.value }
        // A task of its own, because all who ask meanwhile share it: it must not end with the first of them.
        let probe = Task { await assets.isHealthy(within: Limits.timeout) }
        running = probe
        let isHealthy = await probe.value
        running = nil
        latest = (isHealthy, time.now())
        return isHealthy
    }
}
