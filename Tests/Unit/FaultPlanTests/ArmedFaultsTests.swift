import JSON
import Testing

@testable import FaultPlan

@Suite("An armed plan")
struct ArmedFaultsTests {
    private static let plan = FaultPlan(
        seed: 1,
        rules: [
            FaultRule(id: "first-reply", match: FaultMatch(nth: NthRange(from: 1, count: 1)), fault: .init(.dropReply)),
            FaultRule(
                id: "second-publish",
                match: FaultMatch(nth: NthRange(from: 2, count: 1)),
                fault: .init(.nackPublish)
            ),
        ]
    )

    @Test func onlyKindsThatCanStrikeAreAskedAndCounted() throws {
        let journal = Journal { 0 }
        let faults = ArmedFaults(journal: journal) { 0 }
        try faults.arm(Self.plan)
        let subject = FaultSubject(operation: "get_image")
        #expect(faults.decide(subject, among: [.nackPublish]) == nil)
        #expect(faults.decide(subject, among: [.dropReply])?.rule.id == "first-reply")
        #expect(faults.decide(subject, among: [.nackPublish])?.rule.id == "second-publish")
        #expect(faults.decide(subject, among: [.delay]) == nil)
        #expect(faults.report().map(\.matched) == [1, 2])
        #expect(journal.entries(after: 0).entries.map(\.event) == [.armed, .decision, .decision])
    }

    @Test func aScopeDisarmsAtItsEnd() async {
        struct Failure: Error {}
        let faults = ArmedFaults(journal: Journal { 0 }) { 0 }
        await #expect(throws: Failure.self) {
            try await faults.with(Self.plan) {
                #expect(faults.isArmed([.dropReply]))
                throw Failure()
            }
        }
        #expect(faults.plan == .none)
        #expect(!faults.isArmed(.all))
    }

    @Test func everyKindHasABitOfItsOwn() {
        for kind in FaultKind.allCases {
            #expect(FaultKind.allCases.filter(FaultKindSet([kind]).contains) == [kind])
        }
    }
}
