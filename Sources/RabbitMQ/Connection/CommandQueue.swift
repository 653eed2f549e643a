import MessageHub
import Synchronization

/// The commands and the jobs that wait for the connection's thread. Tasks add, the thread takes all at once.
///
/// The thread is woken only where it sleeps, and once: while it is at work it looks here by itself before it sleeps.
final class CommandQueue: Sendable {
    private struct State {
        var commands: [ConnectionCommand] = []
        /// Of tasks that run on the thread.
        var jobs: [UnownedJob] = []
        var isThreadAsleep = false
        var end: HubError?
    }

    private let state = Mutex(State())
    private let commandsMax: Int
    let wakeup: Wakeup

    init(commandsMax: Int) throws(HubError) {
        self.commandsMax = commandsMax
        wakeup = try Wakeup()
    }

    /// Adds a command. Throws what the connection ended of, where it has, or `overloaded`.
    func add(_ command: ConnectionCommand) throws(HubError) {
        let (mustWake, error) = state.withLock { state -> (Bool, HubError?) in
            if let end = state.end { return (false, end) }
            // An order to close is always taken.
            if state.commands.count >= commandsMax, case .close = command {
            } else if state.commands.count >= commandsMax {
                return (false, .overloaded("\(commandsMax) commands wait to be sent"))
            }
            state.commands.append(command)
            defer { state.isThreadAsleep = false }
            return (state.isThreadAsleep, nil)
        }
        if let error { throw error }
        if mustWake { wakeup.signal() }
    }

    /// Adds a job. `false`: the thread has ended.
    func add(_ job: UnownedJob) -> Bool {
        let (isTaken, mustWake) = state.withLock { state -> (Bool, Bool) in
            if state.end != nil { return (false, false) }
            state.jobs.append(job)
            defer { state.isThreadAsleep = false }
            return (true, state.isThreadAsleep)
        }
        if mustWake { wakeup.signal() }
        return isTaken
    }

    /// Takes all jobs, in order; `nil` where there are none.
    func takeJobs() -> [UnownedJob]? {
        state.withLock { state in
            if state.jobs.isEmpty { return nil }
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Takes all commands, in order; `buffer` must be empty and lends its memory to the queue.
    func take(into buffer: inout [ConnectionCommand]) {
        state.withLock { state in
            state.isThreadAsleep = false
            swap(&state.commands, &buffer)
        }
    }

    /// Whether the thread may sleep: from now on a command or a job wakes it. `false` where there is one already.
    func prepareToSleep() -> Bool {
        state.withLock { state in
            state.isThreadAsleep = state.commands.isEmpty && state.jobs.isEmpty
            return state.isThreadAsleep
        }
    }

    /// Takes no more commands and no more jobs; gives the commands that were not taken.
    func end(_ error: HubError) -> [ConnectionCommand] {
        state.withLock { state in
            state.end = error
            defer { state.commands = [] }
            return state.commands
        }
    }
}
