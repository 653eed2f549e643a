import Testing

@testable import MessageHub

@Suite struct BackoffTests {
    @Test func `pauses double up to the bound and scatter by half`() {
        var backoff = Backoff(minimumMs: 100, maximumMs: 5000)
        var random = SeededGenerator(seed: 7)
        for wholeMs in [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000] {
            let pauseMs = backoff.next(using: &random).milliseconds
            #expect((wholeMs / 2...wholeMs).contains(pauseMs))
        }
        for _ in 0..<1000 { #expect(backoff.next(using: &random) <= .milliseconds(5000)) }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(100))
    }

    @Test func `the same seed gives the same pauses, another seed others`() {
        func pauses(seed: UInt64) -> [Duration] {
            var backoff = Backoff()
            var random = SeededGenerator(seed: seed)
            return (0..<8).map { _ in backoff.next(using: &random) }
        }
        #expect(pauses(seed: 1) == pauses(seed: 1))
        #expect(pauses(seed: 1) != pauses(seed: 2))
    }

    @Test func `the generator gives SplitMix64's numbers`() {
        // The first outputs for seed 1234567, as published with the algorithm's reference implementation.
        var random = SeededGenerator(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }
}
