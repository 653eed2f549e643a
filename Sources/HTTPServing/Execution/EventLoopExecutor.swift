import NIOCore
import Synchronization

/// Runs tasks on an event loop: what a connection brings is answered where it arrived.
///
/// On Swift's own threads every request would change threads for each part that comes, each reply and each answer, which
/// costs more than most of what is done in between. What computes for long (decoders) has threads of its own anyway.
///
/// Jobs that come while others run are run in the same turn of the loop, so that a chain of tasks that wake one another
/// takes one turn, and a burst from another thread wakes the loop once.
package final class EventLoopExecutor: TaskExecutor {
    private struct State: Sendable {
        var jobs: [UnownedJob] = []
        var hasTurn = false
    }

    /// How many rounds of jobs a turn has at most; then sockets and timers have theirs.
    private static let roundsMax = 16

    private let eventLoop: any EventLoop
    private let state = Mutex(State())

    package init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsTurn = state.withLock { state in
            state.jobs.append(job)
            defer { state.hasTurn = true }
            return !state.hasTurn
        }
        if needsTurn { eventLoop.execute { self.takeTurn() } }
    }

    private func takeTurn() {
        var jobs: [UnownedJob] = []
        for _ in 0..<Self.roundsMax {
            jobs.removeAll(keepingCapacity: true)
            state.withLock { state in
                swap(&jobs, &state.jobs)
                state.hasTurn = !jobs.isEmpty
            }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        eventLoop.execute { self.takeTurn() }
    }
}

/// One executor for each event loop.
final class EventLoopExecutors: Sendable {
    private let executors = Mutex<[ObjectIdentifier: EventLoopExecutor]>([:])

    /// The one of this loop, made when it is first asked for.
    func executor(of eventLoop: any EventLoop) -> EventLoopExecutor {
        executors.withLock { executors in
            if let known = executors[ObjectIdentifier(eventLoop)] { return known }
            let new = EventLoopExecutor(eventLoop)
            executors[ObjectIdentifier(eventLoop)] = new
            return new
        }
    }
}
