import Testing

@testable import ConformanceChecks

@Suite("Which checks run") struct SelectionTests {
    private func ids(_ selection: Selection) -> [String] { selection.apply(to: Catalogue.checks).map(\.id) }

    @Test func withoutAWordAllDo() { #expect(ids(Selection()).count == Catalogue.checks.count) }

    @Test func profilesAddUp() {
        let selected = Selection(profiles: [.events, .discovery]).apply(to: Catalogue.checks)
        #expect(Set(selected.map(\.profile)) == [.events, .discovery])
    }

    @Test func checksAreNamedByTheirIDOrASentence() {
        #expect(ids(Selection(only: ["reply.once"])) == ["reply.once"])
        let correlation = ids(Selection(only: ["HUB-COR-002"]))
        #expect(correlation.contains("reply.correlation-id") && !correlation.contains("list.order"))
        #expect(!ids(Selection(skip: ["HUB-COR-002"])).contains("reply.correlation-id"))
        #expect(ids(Selection(only: ["reply.once"], skip: ["reply.once"])).isEmpty)
    }

    @Test func unknownNamesAreTold() {
        #expect(
            Selection(only: ["reply.once", "nothing"], skip: ["HUB-XXX-001"]).unknown == ["nothing", "HUB-XXX-001"]
        )
    }
}
