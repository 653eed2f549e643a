import Dispatch
import Glibc

/// What restarts the service under test, run by `/bin/sh`. Its output goes where ours goes.
///
/// The service stays in the background when its command has ended, and keeps whatever descriptors it got. So what is
/// waited for is the shell's end alone (`waitpid`), never the end of something that the shell's children hold as well, as
/// `Foundation.Process` does.
struct RestartCommand: Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private let command: String

    init(_ command: String) { self.command = command }

    /// Runs it to its end. Throws where it cannot be run or ends with another status than 0.
    func run() async throws {
        let status = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try spawnAndWait() }) }
        }
        guard status == 0 else { throw Failed(description: "the restart command ended with \(Self.text(of: status))") }
    }

    /// Blocks until the shell has ended; its status as `waitpid` has it.
    private func spawnAndWait() throws -> Int32 {
        let words = ["/bin/sh", "-c", command]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var attributes = try Self.untouchedSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        var shell = pid_t()
        let error = posix_spawn(&shell, words[0], &actions, &attributes, &arguments, environ)
        guard error == 0 else {
            throw Failed(description: "the restart command could not be run: \(String(cString: strerror(error)))")
        }
        var status: Int32 = 0
        while waitpid(shell, &status, 0) < 0 {
            guard errno == EINTR else {
                throw Failed(description: "the restart command was lost: \(String(cString: strerror(errno)))")
            }
        }
        return status
    }

    /// What we ignore or block, a child would, too: a service that is started so could not be asked to end.
    private static func untouchedSignals() throws -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        guard posix_spawnattr_init(&attributes) == 0 else { throw Failed(description: "no memory for a process") }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGTERM, SIGINT, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    /// An exit status, or the signal that ended it (POSIX `wait`).
    private static func text(of status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0 ? "\((status >> 8) & 0xff)" : "signal \(signal)"
    }
}

/// Ends the process at once.
func exitNow(_ status: Int32) -> Never { exit(status) }
