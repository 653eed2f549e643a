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

    /// What others decide at the same time changes nothing of a namespace's own digest.
    @Test func aNamespaceHasADigestOfItsOwn() async throws {
        try await AdminUnderTest.with { admin async throws in
            let plan: JSONValue = ["rules": [["id": "late", "fault": ["kind": "delay"]]]]
            func digests(_ headers: [(String, String)]) async throws -> [JSONValue?] {
                var digests: [JSONValue?] = []
                for path in ["/_sim/faults/report", "/_sim/journal", "/_sim/state"] {
                    digests.append(try await admin.send("GET", path, headers: headers).json["digest"])
                }
                return digests
            }
            let (one, two) = ([("X-Sim-Namespace", "one")], [("X-Sim-Namespace", "two")])
            for headers in [one, two, []] {
                #expect(try await admin.send("PUT", "/_sim/faults", plan, headers: headers).status == 200)
            }
            let subject = FaultSubject(operation: "get_image")
            for name in ["one", "two", "two", ""] {
                #expect(admin.faults.existing(name)?.decide(subject, among: [.delay]) != nil)
            }
            let (ofOne, ofTwo) = (try await digests(one), try await digests(two))
            #expect(Set(ofOne).count == 1 && ofOne[0]?.string?.hasPrefix("1-") == true)
            #expect(Set(ofTwo).count == 1 && ofTwo[0]?.string?.hasPrefix("2-") == true)
            // The same in another namespace is the same; the journal of all has the digest of all.
            let ofDefault = try await digests([])
            #expect(ofDefault[0] == ofOne[0] && ofDefault[2] == ofOne[0])
            #expect(ofDefault[1]?.string?.hasPrefix("4-") == true)
        }
    }

    @Test func resetDisarmsAndEmptiesAndIsWrittenDown() async throws {
        try await AdminUnderTest.with { admin async throws in
            _ = try await admin.send("PUT", "/_sim/faults", AdminUnderTest.plan)
            #expect(try await admin.send("POST", "/_sim/reset").status == 204)
            #expect(admin.hub.resetNamespaces == [""])
            #expect(admin.storage.resetNamespaces == [""])
            // The answer comes once all are at work again; a namespace's reset takes nobody from work.
            #expect(admin.hub.recoveryCount == 1 && admin.storage.recoveryCount == 1)
            #expect(admin.faults.standard.plan == .none)
            let events = admin.faults.journal.entries(after: 0).entries.map(\.event)
            #expect(events == [.armed, .disarmed, .reset])

            #expect(try await admin.send("POST", "/_sim/reset", headers: [("X-Sim-Namespace", "mine")]).status == 204)
            #expect(admin.hub.resetNamespaces == [""])
            #expect(admin.storage.resetNamespaces == ["", "mine"])
            #expect(admin.storage.recoveryCount == 1)
        }
    }
}
