import Testing

@testable import FaultPlan

@Suite("Which rule fires")
struct FaultDeciderTests {
    private static func subject(_ operation: String, image: String? = nil) -> FaultSubject {
        FaultSubject(operation: operation, imageID: image)
    }

    @Test func theFirstRuleThatFiresWins() {
        let plan = FaultPlan(
            seed: 1,
            rules: [
                FaultRule(
                    id: "second-get",
                    match: FaultMatch(operation: "get_image", nth: NthRange(from: 2, count: 1)),
                    fault: FaultSpecification(.dropReply)
                ),
                FaultRule(id: "any", match: FaultMatch(operation: "*"), fault: FaultSpecification(.delay)),
            ]
        )
        var decider = FaultDecider(plan, armedAtMs: 0)
        let fired = (1...3).map { _ in decider.decide(Self.subject("get_image"), nowMs: 0)?.rule.id }
        #expect(fired == ["any", "second-get", "any"])
    }

    @Test func nthCountsWhatTheRuleMatchesInTheOrderOfArrival() {
        let rule = FaultRule(
            id: "third",
            match: FaultMatch(operation: "create_image", nth: NthRange(from: 3, count: 1)),
            fault: FaultSpecification(.crash)
        )
        var decider = FaultDecider(FaultPlan(seed: 0, rules: [rule]), armedAtMs: 0)
        let operations = ["create_image", "get_image", "create_image", "create_image", "create_image"]
        let fired = operations.map { decider.decide(Self.subject($0), nowMs: 0) != nil }
        #expect(fired == [false, false, false, true, false])
    }

    @Test func aCountAndATimeToLiveEndARule() {
        let byCount = FaultRule(id: "c", count: 2, fault: FaultSpecification(.delay))
        var decider = FaultDecider(FaultPlan(seed: 0, rules: [byCount]), armedAtMs: 0)
        #expect((1...4).map { _ in decider.decide(FaultSubject(), nowMs: 0) != nil } == [true, true, false, false])

        let byTime = FaultRule(id: "t", ttlMs: 100, fault: FaultSpecification(.delay))
        decider = FaultDecider(FaultPlan(seed: 0, rules: [byTime]), armedAtMs: 1000)
        #expect([1000, 1099, 1100].map { decider.decide(FaultSubject(), nowMs: $0) != nil } == [true, true, false])
        #expect(decider.report(nowMs: 1100) == [FaultRuleReport(id: "t", matched: 2, fired: 2, hasEnded: true)])
    }

    @Test func theOrderOfOtherKeysChangesNobodysChance() {
        let rule = FaultRule(id: "half", chance: FaultChance(1, outOf: 2), fault: FaultSpecification(.delay))
        let plan = FaultPlan(seed: 7, rules: [rule])
        func decisions(_ images: [String]) -> [String: [Bool]] {
            var decider = FaultDecider(plan, armedAtMs: 0)
            var seen: [String: [Bool]] = [:]
            for image in images {
                seen[image, default: []].append(
                    decider.decide(Self.subject("get_image", image: image), nowMs: 0) != nil
                )
            }
            return seen
        }
        let images = (0..<60).map { "image-\($0 % 6)" }
        #expect(decisions(images) == decisions(images.reversed()))
        #expect(decisions(images) == decisions(images.sorted()))
    }

    @Test(arguments: [(1, 10), (1, 2), (9, 10), (0, 5), (5, 5)] as [(UInt32, UInt32)])
    func aChanceFiresAboutThatOften(numerator: UInt32, denominator: UInt32) throws {
        let chance = try #require(FaultChance(numerator, outOf: denominator))
        let draws = 20_000
        let fired = (1...draws).count { FaultDraw.fires(chance, seed: 42, rule: "r", key: "k", nth: $0) }
        let expected = Double(draws) * Double(numerator) / Double(denominator)
        // The draws are fixed by the seed, so this cannot flicker; the bound is five standard deviations.
        #expect(abs(Double(fired) - expected) < 5 * (Double(draws).squareRoot() / 2) + 0.5)
    }

    /// These values are part of the promise: the same plan gives the same faults on any machine, in any version.
    @Test func drawsAreFixedForEver() {
        #expect(FaultDraw.value(seed: 42, rule: "swap", key: "get_image", nth: 1) == 2_956_369_513_048_199_499)
        #expect(FaultDraw.value(seed: 0, rule: "", key: "", nth: 0) == 16_869_070_043_802_833_413)
    }

    @Test(arguments: [
        ("*", "", true), ("*", "abc", true), ("a*c", "abbbc", true), ("a*c", "abbbd", false), ("?", "é", true),
        ("a?", "a", false), ("**a**", "bab", true), ("", "", true), ("", "a", false),
        ("PUT /api/*", "PUT /api/v2/x", true),
        ("*a*a*a*a*b", String(repeating: "a", count: 2000), false),
    ])
    func globs(pattern: String, text: String, matches: Bool) {
        #expect(Glob(pattern).matches(text) == matches)
    }

    /// What no rule matched tells of a plan that is about other requests than were meant.
    @Test func whatNoRuleMatchesIsCountedBySort() throws {
        let plan = try FaultPlan(
            shortForm: "get_image,nth=2..:delay:x1; list_images:delay:1/1000000; route=PUT *:http_full"
        )
        var decider = FaultDecider(plan, armedAtMs: 0)
        for subject in [
            FaultSubject(operation: "get_image", imageID: "a"), FaultSubject(operation: "get_image", imageID: "a"),
            // The rule has ended, and fits all the same.
            FaultSubject(operation: "get_image", imageID: "a"), FaultSubject(operation: "list_images"),
            FaultSubject(operation: "delete_image"), FaultSubject(operation: "delete_image"),
            FaultSubject(operation: "no_such"), FaultSubject(), FaultSubject(route: "PUT /api/v2/assets/00"),
            FaultSubject(route: "GET /api/v2/assets/00"), FaultSubject(route: "GET /api/v2/assets/11"),
            FaultSubject(route: "BREW /api/v2/assets/00"),
            // On the hub.
            FaultSubject(operation: "delete_image", queue: "q", routingKey: "k"), FaultSubject(connection: "c"),
        ] { _ = decider.decide(subject, nowMs: 0) }
        #expect(decider.unmatched == ["delete_image": 2, "other": 3, "GET /api/v2/assets/*": 2])
    }
}
