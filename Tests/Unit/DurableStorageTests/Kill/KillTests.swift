import DurableStorage
import Foundation
import Testing

/// A process is killed at every step on the way to the disk and in between, hundreds of times on the same directory.
///
/// After each death: what it acknowledged is there and answered the same, what it did not acknowledge can be asked for
/// again without a second effect, no event is lost or made twice, and SQLite finds nothing wrong.
///
/// KILL_ROUNDS and KILL_SEED in the environment ask for a longer run, or for one again.
@Suite struct KillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private let seed = environment["KILL_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
    private let rounds = environment["KILL_ROUNDS"].flatMap(Int.init)

    @Test(.timeLimit(.minutes(60)))
    func whatWasAcknowledgedSurvives() async throws {
        let folder = try TemporaryFolder()
        var generator = Generator(state: seed)
        var ledger = KillLedger()
        let steps: [DurableStep?] = DurableStep.allCases + [nil, nil, nil]
        // Without a number of rounds: hundreds, and more as long as that takes no time.
        let end = ContinuousClock.now + .seconds(20)
        var round = 0
        while rounds.map({ round < $0 }) ?? (round < 400 && (round < 200 || ContinuousClock.now < end)) {
            // Some lives on what the one before has left, then a look: that takes longer than a life.
            var victims: [Victim] = []
            let first = round
            for _ in 0..<5 {
                let step = steps[round % steps.count]
                victims.append(
                    try await Victim(
                        in: folder.path + "/data",
                        seed: seed,
                        round: round,
                        killedAt: step,
                        count: .random(in: 1...20, using: &generator),
                        latestMs: step == nil ? .random(in: 1...60, using: &generator) : 80
                    )
                )
                round += 1
            }
            let bench = try DurableBench(in: folder)
            try await ledger.settle(victims, with: bench)
            if first.isMultiple(of: 50) { #expect(try bench.store.records.integrityProblems().isEmpty) }
            try bench.store.close()
            if !ledger.problems.isEmpty {
                Issue.record("seed \(seed), rounds from \(first): \(ledger.problems[0])")
                return
            }
        }
        let bench = try DurableBench(in: folder)
        try await ledger.settleAll(with: bench)
        try bench.store.close()
        #expect(ledger.problems.isEmpty, "seed \(seed)")
        #expect(ledger.operations > 0)
        // However slow the machine is: it was killed at every step, not only beside it.
        #expect(ledger.killedAt == Set(DurableStep.allCases))
        print("killed \(round) times with seed \(seed): \(ledger.operations) operations, none lost, none twice")
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
