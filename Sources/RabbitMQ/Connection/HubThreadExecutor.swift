/// Runs tasks on the thread that owns a connection, between two of its turns.
///
/// What comes from the hub is handed to tasks there without waking another thread, and what they ask of the connection
/// goes out in the same turn. Once the connection has ended, its tasks go on where all others run.
final class HubThreadExecutor: TaskExecutor {
    private let queue: CommandQueue

    init(_ queue: CommandQueue) { self.queue = queue }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !queue.add(job) { globalConcurrentExecutor.enqueue(job) }
    }

    /// To be called on the thread. Runs what is ready, and what becomes ready by that.
    func runJobs() {
        while let jobs = queue.takeJobs() {
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
