import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What restarts the service under test, run by `/bin/sh`. Its output goes where ours goes.
struct RestartCommand: Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private let command: String

    init(_ command: String) { self.command = command }

    /// Runs it to its end. Throws where it cannot be run or ends with another status than 0.
    func run() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { ended in
                if ended.terminationStatus == 0 {
                    continuation.resume()
                } else {
                    continuation.resume(
                        throwing: Failed(description: "the restart command ended with \(ended.terminationStatus)")
                    )
                }
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}

/// Ends the process at once.
func exitNow(_ status: Int32) -> Never { exit(status) }
