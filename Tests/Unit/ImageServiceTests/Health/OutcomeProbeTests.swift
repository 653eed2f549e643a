import ImageService
import Synchronization
import Testing

/// When storage is asked how it is, and what comes of it.
@Suite struct OutcomeProbeTests {
    /// Answers what the test says, and counts the questions.
    private final class Storage: Sendable {
        private let state: Mutex<(questions: Int, outcome: RequestOutcomes.Outcome)>

        init(_ outcome: RequestOutcomes.Outcome) { state = Mutex((0, outcome)) }

        var questions: Int { state.withLock { $0.questions } }

        func answers(_ outcome: RequestOutcomes.Outcome) { state.withLock { $0.outcome = outcome } }

        func ask() -> RequestOutcomes.Outcome {
            state.withLock {
                $0.questions += 1
                return $0.outcome
            }
        }
    }

    private let clock = HandTurnedClock()
    private let outcomes: RequestOutcomes
    private let storage = Storage(.failed)
    private let probe: OutcomeProbe

    init() {
        outcomes = RequestOutcomes(time: clock.timeSource)
        probe = OutcomeProbe(of: outcomes, time: clock.timeSource) { [storage] _ in storage.ask() }
    }

    @Test func nothingIsAskedWhileAllIsWell() async {
        await probe.settle()
        outcomes.ended(outcomes.began(), .answered)
        for _ in 1...5 {
            clock.advance(by: .seconds(60))
            await probe.settle()
        }
        #expect(storage.questions == 0)
    }

    @Test func aFailureIsAskedAfterAtMostOnceASecondUntilItIsOver() async {
        outcomes.ended(outcomes.began(), .failed)
        for second in 1...3 {
            await probe.settle()
            clock.advance(by: OutcomeProbe.Limits.pause - .nanoseconds(1))
            await probe.settle()
            #expect(storage.questions == second)
            #expect(outcomes.isFailing)
            clock.advance(by: .nanoseconds(1))
        }
        storage.answers(.answered)
        await probe.settle()
        #expect(!outcomes.isFailing)
        clock.advance(by: .seconds(60))
        await probe.settle()
        #expect(storage.questions == 4)
    }

    @Test func aClientThatWaitsIsAReasonToAsk() async {
        let number = outcomes.began()
        await probe.settle()
        #expect(storage.questions == 0)
        clock.advance(by: .milliseconds(1500))
        await probe.settle()
        #expect(storage.questions == 1)
        #expect(outcomes.isFailing)
        // Slow, but it comes.
        outcomes.ended(number, .answered)
        #expect(!outcomes.isFailing)
        clock.advance(by: .seconds(60))
        await probe.settle()
        #expect(storage.questions == 1)
    }

    @Test func aSlowRequestOfAStorageThatAnswersIsNoTrouble() async {
        storage.answers(.answered)
        _ = outcomes.began()
        for _ in 1...3 {
            clock.advance(by: .milliseconds(1500))
            await probe.settle()
            #expect(!outcomes.isFailing)
        }
        #expect(storage.questions == 3)
    }

    @Test(arguments: [(RequestOutcomes.Outcome.failed, true), (.answered, false)])
    func aDoubtIsResolved(_ outcome: RequestOutcomes.Outcome, isFailing: Bool) async {
        outcomes.ended(outcomes.began(), .doubtful)
        storage.answers(outcome)
        await probe.settle()
        #expect(outcomes.isFailing == isFailing)
    }
}
