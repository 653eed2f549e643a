import ImageService
import Testing

/// What is known of storage from how requests went, and when it has to be asked.
@Suite struct RequestOutcomesTests {
    private let clock = HandTurnedClock()
    private let outcomes: RequestOutcomes

    init() { outcomes = RequestOutcomes(time: clock.timeSource) }

    /// A request that takes no time.
    private func request(_ outcome: RequestOutcomes.Outcome) { outcomes.ended(outcomes.began(), outcome) }

    @Test(arguments: [
        (RequestOutcomes.Outcome.answered, false, false), (.failed, true, true), (.doubtful, false, true),
        (.untold, false, false),
    ])
    func anEndTellsOfStorage(_ outcome: RequestOutcomes.Outcome, isFailing: Bool, mustBeProbed: Bool) {
        #expect(!outcomes.mustBeProbed)
        request(outcome)
        #expect(outcomes.isFailing == isFailing)
        #expect(outcomes.mustBeProbed == mustBeProbed)
    }

    @Test(arguments: [RequestOutcomes.Outcome.failed, .doubtful])
    func anAnswerEndsTheTrouble(_ trouble: RequestOutcomes.Outcome) {
        request(trouble)
        request(.untold)
        #expect(outcomes.mustBeProbed)
        request(.answered)
        #expect(!outcomes.isFailing)
        #expect(!outcomes.mustBeProbed)
    }

    @Test func onlyClientsAreCounted() {
        for outcome in [RequestOutcomes.Outcome.answered, .failed, .doubtful, .untold] { request(outcome) }
        outcomes.probed(.failed, since: clock.timeSource.now())
        outcomes.probed(.answered, since: clock.timeSource.now())
        #expect(outcomes.counts == (3, 1))
    }

    @Test func whoWaitsLongWhileNothingIsHeardIsAReasonToAsk() {
        let number = outcomes.began()
        clock.advance(by: RequestOutcomes.Limits.patience)
        #expect(!outcomes.mustBeProbed)
        clock.advance(by: .nanoseconds(1))
        #expect(outcomes.mustBeProbed)
        // Nobody knows yet.
        #expect(!outcomes.isFailing)
        outcomes.ended(number, .untold)
        #expect(!outcomes.mustBeProbed)
    }

    @Test func whoWaitsLongWhileOthersAreAnsweredIsNone() {
        _ = outcomes.began()
        clock.advance(by: .seconds(3))
        request(.answered)
        clock.advance(by: RequestOutcomes.Limits.patience)
        #expect(!outcomes.mustBeProbed)
        clock.advance(by: .nanoseconds(1))
        #expect(outcomes.mustBeProbed)
    }

    @Test func whatIsAskedSettlesIt() {
        let time = clock.timeSource
        _ = outcomes.began()
        clock.advance(by: .seconds(2))
        outcomes.probed(.failed, since: time.now())
        #expect(outcomes.isFailing)
        outcomes.probed(.untold, since: time.now())
        #expect(outcomes.isFailing)
        outcomes.probed(.answered, since: time.now())
        #expect(!outcomes.isFailing)
        #expect(outcomes.hasAnswered)
        #expect(!outcomes.mustBeProbed)
    }

    @Test func anAnswerTellsMoreThanAnOlderQuestion() {
        let begin = clock.timeSource.now()
        clock.advance(by: .milliseconds(500))
        request(.answered)
        clock.advance(by: .milliseconds(400))
        outcomes.probed(.failed, since: begin)
        #expect(!outcomes.isFailing)
    }
}
