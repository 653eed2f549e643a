import FoundationEssentials
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One start of a program: what its command builds its services with, and how they are run.
public struct Launch: Sendable {
    /// The longest that a drain may take; then the process ends with status 1.
    public static let drainSecondsMax = 30

    public let program: String
    public let logger: Logger
    private let readyFile: String?

    init(program: String, logger: Logger, readyFile: String?) {
        self.program = program
        self.logger = logger
        self.readyFile = readyFile
    }

    /// A board that waits for these addresses and then says that the program is ready, on standard output and in the
    /// ready file.
    /// - Parameter notes: what else is to be told then, on standard output.
    public func readyBoard(expecting keys: [String], notes: [ReadyNote] = []) -> ReadyBoard {
        ReadyBoard(program: program, expecting: keys, notes: notes, file: readyFile)
    }

    /// Runs services, in this order, until one fails or a signal asks for the end.
    ///
    /// SIGTERM or SIGINT starts the drain: the services are asked to stop, the last one first. A second signal ends the
    /// process at once.
    ///
    /// The ready file of an earlier start is removed first, and this start's at the end, however it ends in order.
    public func run(_ services: [any Service]) async throws {
        removeReadyFile()
        defer { removeReadyFile() }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                // A service that ends unasked is a failure, and ends the others.
                services: services.map { .init(service: $0) },
                logger: logger
            )
        )
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                var isDraining = false
                for await signal in signals {
                    if isDraining {
                        logger.warning("second signal: ending at once")
                        exit(128 + signal.rawValue)
                    }
                    isDraining = true
                    logger.info("draining", metadata: ["signal": "\(signal)"])
                    await group.triggerGracefulShutdown()
                    Self.endAfterDrainTime(logger)
                }
            }
            tasks.addTask { try await group.run() }
            // The signal task ends only by cancellation, so the first to finish is the group.
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Removes the ready file, where there is one: for a program that runs no services, before it begins and at its end.
    public func removeReadyFile() {
        guard let readyFile, FileManager.default.fileExists(atPath: readyFile) else { return }
        do {
            try FileManager.default.removeItem(atPath: readyFile)
        } catch {
            logger.error("the ready file stays", metadata: ["path": "\(readyFile)", "error": "\(error)"])
        }
    }

    /// The last resort against a service that does not stop. A task of its own, because it must not depend on any that
    /// may hang; it ends with the process.
    private static func endAfterDrainTime(_ logger: Logger) {
        Task.detached {
            try await Task.sleep(for: .seconds(drainSecondsMax))
            logger.error("the drain took too long", metadata: ["seconds": "\(drainSecondsMax)"])
            exit(1)
        }
    }
}
