import FaultPlan
import JSON
import Testing

@Suite struct StateRouteTests {
    @Test func theStateOfAllPartsIsShown() async throws {
        try await AdminUnderTest.with { admin async throws in
            let state = try await admin.send("GET", "/_sim/state").json
            #expect(Set(state["parts"]?.object?.keys.map { $0 } ?? []) == ["hub", "storage"])
            let mine = try await admin.send("GET", "/_sim/state", headers: [("X-Sim-Namespace", "mine")]).json
            #expect(mine["parts"] == ["storage": ["namespace": "mine"]])
        }
    }

    @Test func resetDisarmsAndEmptiesAndIsWrittenDown() async throws {
        try await AdminUnderTest.with { admin async throws in
            _ = try await admin.send("PUT", "/_sim/faults", AdminUnderTest.plan)
            #expect(try await admin.send("POST", "/_sim/reset").status == 204)
            #expect(admin.hub.resetNamespaces == [""])
            #expect(admin.storage.resetNamespaces == [""])
            #expect(admin.faults.standard.plan == .none)
            let events = admin.faults.journal.entries(after: 0).entries.map(\.event)
            #expect(events == [.armed, .disarmed, .reset])

            #expect(try await admin.send("POST", "/_sim/reset", headers: [("X-Sim-Namespace", "mine")]).status == 204)
            #expect(admin.hub.resetNamespaces == [""])
            #expect(admin.storage.resetNamespaces == ["", "mine"])
        }
    }
}
