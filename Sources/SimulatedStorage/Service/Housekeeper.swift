import Logging
import MessageHub
import ServiceLifecycle

/// Clears away from time to time: assets that are idle, operations whose retention is over.
public struct Housekeeper: Service {
    private let core: StorageCore
    private let time: TimeSource
    private let logger: Logger

    init(core: StorageCore, time: TimeSource, logger: Logger) {
        self.core = core
        self.time = time
        self.logger = logger
    }

    /// Runs until graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await time.sleep(for: .milliseconds(core.engine.limits.housekeepingIntervalMs))) != nil {
                do {
                    try await core.housekeep()
                } catch {
                    // The store failed; what is left is cleared away the next time.
                    logger.error("Housekeeping failed", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
