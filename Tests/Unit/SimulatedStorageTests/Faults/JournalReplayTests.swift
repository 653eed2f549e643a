import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

/// What a replay says of a record that was changed, broken off, or reset within.
@Suite("A record that is played again", .timeLimit(.minutes(10)))
struct JournalReplayTests {
    /// Six lists, of which the second and the fifth are struck, with a reset after the third; then the last line.
    private func record(isReset: Bool = false) async throws -> [JSONValue] {
        let bench = FaultBench()
        @Sendable func arm() throws {
            try bench.storage.faults.arm(
                FaultPlan(shortForm: "list_images,nth=2,id=a:wrong_correlation_id; list_images,nth=4,id=b:delay:1ms")
            )
        }
        try arm()
        try await bench.run(on: ScriptedConnection()) { connection in
            for number in 1...6 {
                connection.deliver("list_images", id: "\(number)")
                try await connection.waitForAcknowledged(number)
                guard isReset, number == 3 else { continue }
                bench.storage.faults.disarm()
                try await bench.storage.reset()
                bench.storage.journal.append(.reset)
                try arm()
            }
        }
        return bench.storage.journal.entries(after: 0).entries.map(\.json)
            + [["digest": .string(bench.storage.journal.digest)]]
    }

    private func played(_ lines: [JSONValue]) throws -> JournalReplay {
        var replay = JournalReplay()
        for line in lines { try replay.play(line) }
        replay.finish()
        return replay
    }

    @Test(arguments: [false, true])
    func aWholeOneIsTheSameAndHasTheDigestOfItsLastLine(isReset: Bool) async throws {
        let lines = try await record(isReset: isReset)
        let replay = try played(lines)
        #expect(replay.isSame && replay.isWhole && replay.firstDifference == nil)
        #expect(replay.recorded == replay.recordsOwn && replay.replayed == replay.recordsOwn)
        // After a reset the digest begins anew, and so does what is printed of it.
        #expect(replay.recorded.hasPrefix(isReset ? "1-" : "2-"))
        #expect(replay.requests == 6 && replay.judged == 6)
    }

    private func sequence(_ lines: [JSONValue], _ rule: String) throws -> Int {
        let line = try #require(lines.first { $0["event"] == "decision" && $0["rule"]?.string == rule })
        return Int(line["seq"]?.integer ?? 0)
    }

    @Test(arguments: ["a", "b"])
    func aDecisionThatIsMissingIsNamed(rule: String) async throws {
        let lines = try await record()
        let missing = try sequence(lines, rule)
        let replay = try played(lines.filter { $0["seq"]?.integer != Int64(missing) })
        #expect(!replay.isSame && !replay.isWhole)
        let difference = try #require(replay.firstDifference)
        #expect(difference.recorded == nil)
        // It was made about the request before it.
        #expect(difference.replayed?.rule == rule && difference.replayed?.sequence == missing - 1)
        #expect(
            difference.description == "the record has nothing; played again it is \(try #require(difference.replayed))"
        )
    }

    @Test func aDecisionThatNothingAsksForIsNamed() async throws {
        var lines = try await record()
        let index = try #require(lines.lastIndex { $0["event"] == "request" })
        lines.insert(
            [
                "seq": 900, "at_ms": 0, "event": "decision", "namespace": "", "rule": "b", "kind": "delay",
                "key": "list_images", "nth": 9, "occurrence": 9,
            ],
            at: index + 1
        )
        let difference = try #require(try played(lines).firstDifference)
        #expect(difference.replayed == nil && difference.recorded?.sequence == 900)
    }

    @Test func anotherRuleIsNamedBesideTheOneThatItShouldBe() async throws {
        let lines = try await record().map { line -> JSONValue in
            guard line["rule"] == "a", line["event"] == "decision", var members = line.object else { return line }
            members["rule"] = "b"
            return .object(members)
        }
        let difference = try #require(try played(lines).firstDifference)
        #expect(difference.recorded?.rule == "b" && difference.replayed?.rule == "a")
    }

    /// A process that is killed may not have come to write its last decision.
    @Test func aRecordThatIsBrokenOffAnywhereIsTheSameAsFarAsItGoes() async throws {
        let lines = try await record(isReset: true)
        for count in 0..<lines.count {
            let replay = try played(Array(lines.prefix(count)))
            #expect(replay.isSame && replay.isWhole && replay.recordsOwn == nil, "\(count)")
        }
    }

    @Test func whatHasNoPlanIsNotJudged() throws {
        var replay = JournalReplay()
        try replay.play(["seq": 1, "at_ms": 0, "event": "request", "namespace": "", "operation": "list_images"])
        replay.finish()
        #expect(replay.requests == 1 && replay.judged == 0)
    }
}
