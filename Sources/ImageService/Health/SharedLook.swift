import MessageHub

/// Looks at something when somebody wants to know how it is, and keeps the answer for a moment, so that nobody can make
/// this service ask more often than that.
actor SharedLook<Answer: Sendable> {
    private let look: @Sendable () async -> Answer
    private let time: TimeSource
    private var latest: (answer: Answer, at: Duration)?
    private var running: Task<Answer, Never>?

    init(time: TimeSource, _ look: @escaping @Sendable () async -> Answer) {
        self.time = time
        self.look = look
    }

    /// What the look that is kept, or under way, or made now, says.
    func answer() async -> Answer {
        if let latest, time.now() - latest.at < ProbeLimits.lifetime { return latest.answer }
        if let running { return await running.value }
        // A task of its own, because all who ask meanwhile share it: it must not end with the first of them.
        let task = Task { await look() }
        running = task
        let answer = await task.value
        running = nil
        latest = (answer, time.now())
        return answer
    }
}
