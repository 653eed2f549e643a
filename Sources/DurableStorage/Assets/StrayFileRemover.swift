import Logging
import MessageHub
import NIOPosix
import ServiceLifecycle
import SimulatedStorage

/// Removes, from time to time, files that belong to no asset: a removal of bytes may fail, and a process may end between
/// the two steps of one.
public struct StrayFileRemover: Service {
    let inventory: AssetInventory
    let assets: FileAssetStore
    let time: TimeSource
    let logger: Logger

    /// Runs until graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await time.sleep(for: .milliseconds(inventory.retentionMs))) != nil {
                do {
                    try await removeNow()
                } catch {
                    // The disk failed; what is left is removed the next time.
                    logger.error("Stray files not removed", metadata: ["reason": "\(error)"])
                }
            }
        }
    }

    /// Removes those whose time is over; tells how many there were.
    @discardableResult
    package func removeNow() async throws -> Int {
        let now = time.timestamp()
        let findings = try await NIOThreadPool.singleton.runIfActive { [inventory] in try inventory.take(at: now) }
        assets.giveBack(findings.removedBytes)
        if findings.removedFiles > 0 {
            logger.info("Stray files removed", metadata: ["files": "\(findings.removedFiles)"])
        }
        return findings.removedFiles
    }
}
