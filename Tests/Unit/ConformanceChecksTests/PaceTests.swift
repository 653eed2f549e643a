import Testing

@testable import ConformanceChecks

@Suite("Pace of a run") struct PaceTests {
    @Test func theTimeOfARequestBeginsAnewWithEachBeforeIt() {
        let pace = Pace()
        let first = pace.sent()
        let second = pace.sent()
        let third = pace.sent()
        #expect(pace.progress(before: third) == nil)
        pace.ended(first, answered: .seconds(1))
        #expect(pace.progress(before: second) == .seconds(1))
        #expect(pace.progress(before: third) == .seconds(1))
        pace.ended(third, answered: .seconds(2))
        // What was sent later and is answered says nothing of one that is still waited for.
        #expect(pace.progress(before: second) == .seconds(1))
    }

    @Test func whatIsNotAnsweredIsNoProgress() {
        let pace = Pace()
        let first = pace.sent()
        let second = pace.sent()
        pace.ended(first, answered: nil)
        #expect(pace.progress(before: second) == nil)
    }

    @Test func theBacklogIsWhatASerialServiceTakesForAllThatWaits() {
        let pace = Pace()
        #expect(pace.backlog == .zero)
        for milliseconds in [50, 60, 900] { pace.measured(.milliseconds(milliseconds)) }
        #expect(pace.roundTrip == .milliseconds(60))
        let numbers = [pace.sent(), pace.sent()]
        #expect(pace.backlog == .milliseconds(120))
        for number in numbers { pace.ended(number, answered: nil) }
        #expect(pace.backlog == .zero)
    }

    @Test(arguments: [(1, 12), (20, 12), (50, 5), (300, 1), (5000, 1)])
    func aSlowServiceHasFewerChecksUnderWay(roundTripMs: Int, right: Int) {
        let pace = Pace()
        #expect(pace.checksAtATime(12, timeout: .seconds(5)) == 12)
        pace.measured(.milliseconds(roundTripMs))
        #expect(pace.checksAtATime(12, timeout: .seconds(5)) == right)
    }
}
