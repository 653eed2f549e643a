import MessageHub

/// Finds out whether storage still does not answer requests of one kind, when the last that was heard of it is a failure,
/// or clients wait for it and nothing is heard, and somebody wants to know how it is.
///
/// Nothing is asked of a storage that answers, nor of one that nobody asked anything of: what it gets is what clients
/// wanted, but for this one case.
package actor OutcomeProbe {
    package enum Limits {
        /// From the beginning of one question to that of the next.
        package static let pause = Duration.seconds(1)
    }

    package typealias Ask = @Sendable (Deadline) async -> RequestOutcomes.Outcome

    private let outcomes: RequestOutcomes
    private let time: TimeSource
    private let ask: Ask
    private var lastBegin: Duration?
    private var running: Task<Void, Never>?

    /// - Parameter ask: asks storage something of this kind that changes nothing, and returns by the deadline.
    package init(of outcomes: RequestOutcomes, time: TimeSource, ask: @escaping Ask) {
        self.outcomes = outcomes
        self.time = time
        self.ask = ask
    }

    /// Returns when `RequestOutcomes.isFailing` is true to life, after ``ProbeLimits/timeout`` at most.
    package func settle() async {
        if let running { return await running.value }
        guard outcomes.mustBeProbed else { return }
        let begin = time.now()
        if let lastBegin, begin - lastBegin < Limits.pause { return }
        lastBegin = begin
        // A task of its own, because all who ask meanwhile share it: it must not end with the first of them.
        let probe = Task { [ask, outcomes, time] in
            outcomes.probed(await ask(Deadline(after: ProbeLimits.timeout, of: time)), since: begin)
        }
        running = probe
        await probe.value
        running = nil
    }
}
