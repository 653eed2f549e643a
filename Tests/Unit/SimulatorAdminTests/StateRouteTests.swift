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

    /// The same plan and the same requests give the same digest after a reset.
    @Test func resetBeginsTheDigestAnew() async throws {
        try await AdminUnderTest.with { admin async throws in
            var digests: [JSONValue?] = []
            for _ in 0..<2 {
                #expect(try await admin.send("POST", "/_sim/reset").status == 204)
                _ = try await admin.send("PUT", "/_sim/faults", AdminUnderTest.plan)
                #expect(admin.faults.standard.decide(FaultSubject(operation: "get_image"), among: [.delay]) != nil)
                for path in ["/_sim/faults/report", "/_sim/journal", "/_sim/state"] {
                    digests.append(try await admin.send("GET", path).json["digest"])
                }
            }
            #expect(Set(digests).count == 1, "\(digests)")
            #expect(digests[0]?.string?.hasPrefix("1-") == true)
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
