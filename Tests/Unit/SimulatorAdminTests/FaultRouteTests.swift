import FaultPlan
import JSON
import Testing

@Suite struct FaultRouteTests {
    @Test func aPlanIsArmedShownReportedAndDisarmed() async throws {
        try await AdminUnderTest.with { admin async throws in
            let armed = try await admin.send("PUT", "/_sim/faults", AdminUnderTest.plan)
            #expect(armed.status == 200)
            #expect(armed.json["rules"]?.array?.count == 2)
            #expect(try await admin.send("GET", "/_sim/faults").json["seed"] == 7)

            let subject = FaultSubject(operation: "get_image")
            #expect(admin.faults.standard.decide(subject, among: [.delay])?.rule.id == "late")
            let report = try await admin.send("GET", "/_sim/faults/report").json
            #expect(report["rules"]?.array?.first?["fired"] == 1)
            #expect(report["never_fired"] == ["lost"])

            #expect(try await admin.send("DELETE", "/_sim/faults").status == 204)
            #expect(try await admin.send("GET", "/_sim/faults").json["rules"] == [])
            #expect(!admin.faults.standard.isArmed([.delay]))
        }
    }

    @Test func aBadPlanIsRefusedWithEveryMistakesPath() async throws {
        try await AdminUnderTest.with { admin async throws in
            let plan: JSONValue = [
                "rules": [
                    ["id": "a", "fault": ["kind": "no_such"]], ["id": "a", "fault": ["kind": "delay", "ms": -1]],
                ],
                "more": 1,
            ]
            let answer = try await admin.send("PUT", "/_sim/faults", plan)
            #expect(answer.status == 422)
            #expect(answer.errorCode == "VALIDATION_ERROR")
            let places = answer.json["error"]?["details"]?["errors"]?.array?.compactMap {
                $0["loc"]?.array?.last?.string
            }
            #expect(Set(places ?? []) == ["rules[0].fault.kind", "rules[1].fault.ms", "rules[1].id", "more"])
        }
    }

    @Test func aRuleThatNobodyCanCarryOutIsRefused() async throws {
        try await AdminUnderTest.with { admin async throws in
            let plan: JSONValue = ["rules": [["id": "x", "fault": ["kind": "http_reset"]]]]
            let answer = try await admin.send("PUT", "/_sim/faults", plan)
            #expect(answer.status == 422)
            #expect(
                answer.json["error"]?["details"]?["errors"]?.array?.first?["loc"] == ["body", "rules[0].fault.kind"]
            )
        }
    }

    @Test func aKeyThatStandsTwiceIsRefused() async throws {
        try await AdminUnderTest.with { admin async throws in
            let answer = try await admin.client.send(
                "PUT",
                "/_sim/faults",
                headers: [("Content-Type", "application/json")],
                body: Array(#"{"seed":1,"seed":2,"rules":[]}"#.utf8)
            )
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["message"] == "The request body has a key twice in one object, at byte 10.")
        }
    }

    @Test(
        arguments: [
            ([:], ["body", "rules"]), (["seed": 1], ["body", "rules"]), ([], ["body"]), ("text", ["body"]),
        ] as [(JSONValue, JSONValue)]
    )
    func whatHasNoRulesIsNoPlan(json: JSONValue, place: JSONValue) async throws {
        try await AdminUnderTest.with { admin async throws in
            let answer = try await admin.send("PUT", "/_sim/faults", json)
            #expect(answer.status == 422)
            #expect(answer.json["error"]?["details"]?["errors"]?.array?.map { $0["loc"] } == [place])
        }
    }

    @Test func aNamespaceHasAPlanOfItsOwn() async throws {
        try await AdminUnderTest.with { admin async throws in
            let header = [("X-Sim-Namespace", "test-1")]
            let plan: JSONValue = ["rules": [["id": "mine", "fault": ["kind": "error"]]]]
            #expect(try await admin.send("PUT", "/_sim/faults", plan, headers: header).status == 200)
            #expect(try await admin.send("GET", "/_sim/faults").json["rules"] == [])
            #expect(try await admin.send("GET", "/_sim/faults", headers: header).json["rules"]?.array?.count == 1)
            // The hub knows no namespaces, so its faults strike nobody in one.
            let refused = try await admin.send("PUT", "/_sim/faults", AdminUnderTest.plan, headers: header)
            #expect(refused.status == 422)
        }
    }

    @Test(arguments: ["a b", "", "ä", "a/b", String(repeating: "x", count: 101)])
    func aNamespaceIsMadeOfSafeCharacters(name: String) async throws {
        try await AdminUnderTest.with { admin async throws in
            let answer = try await admin.send("GET", "/_sim/state", headers: [("X-Sim-Namespace", name)])
            #expect(answer.status == 422 || answer.status == 400)
        }
    }

    @Test func aPlanMustBeSentAsJSON() async throws {
        try await AdminUnderTest.with { admin async throws in
            let answer = try await admin.client.send(
                "PUT",
                "/_sim/faults",
                headers: [("Content-Type", "text/plain")],
                body: AdminUnderTest.plan.encoded()
            )
            #expect(answer.status == 415)
        }
    }
}
