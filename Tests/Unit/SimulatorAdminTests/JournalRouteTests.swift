import FaultPlan
import JSON
import Testing

@Suite struct JournalRouteTests {
    @Test func entriesComeInPagesAndByNamespace() async throws {
        try await AdminUnderTest.with { admin async throws in
            for number in 1...5 {
                admin.faults.journal.append(
                    .request,
                    namespace: number % 2 == 0 ? "even" : "",
                    ["number": .integer(Int64(number))]
                )
            }
            let first = try await admin.send("GET", "/_sim/journal?limit=2").json
            #expect(first["entries"]?.array?.map { $0["seq"] } == [1, 2])
            #expect(first["next"] == 2)
            let rest = try await admin.send("GET", "/_sim/journal?after=2").json
            #expect(rest["entries"]?.array?.map { $0["number"] } == [3, 4, 5])
            let even = try await admin.send("GET", "/_sim/journal?namespace=even").json
            #expect(even["entries"]?.array?.map { $0["number"] } == [2, 4])
            let header = try await admin.send("GET", "/_sim/journal", headers: [("X-Sim-Namespace", "even")]).json
            #expect(header["entries"] == even["entries"])
        }
    }

    @Test func aLongPollEndsWithTheNextEntry() async throws {
        try await AdminUnderTest.with { admin async throws in
            async let answer = admin.send("GET", "/_sim/journal?after=0&wait_ms=60000&namespace=mine")
            admin.faults.journal.append(.request, namespace: "another")
            admin.faults.journal.append(.request, namespace: "mine", ["is": "it"])
            let page = try await answer.json
            #expect(page["entries"]?.array?.map { $0["is"] } == ["it"])
        }
    }

    /// A reader who has outlived the process that it read is answered at once, and led to the beginning.
    @Test func whoAsksBeyondTheEndIsToldSoAndMissesNothing() async throws {
        try await AdminUnderTest.with { admin async throws in
            for _ in 0..<3 { admin.faults.journal.append(.request) }
            for query in ["after=4&wait_ms=600000", "after=4", "after=\(Int.max)&namespace=mine&wait_ms=600000"] {
                let page = try await admin.send("GET", "/_sim/journal?\(query)").json
                #expect(page["entries"] == [] && page["next"] == 0 && page["restarted"] == true, "\(query)")
            }
            let all = try await admin.send("GET", "/_sim/journal?after=0").json
            #expect(all["entries"]?.array?.count == 3 && all["restarted"] == nil)
            // Nobody is beyond it who has read all; nor is a reset a new beginning.
            _ = try await admin.send("POST", "/_sim/reset")
            let next = try await admin.send("GET", "/_sim/journal?after=5").json
            #expect(next["next"] == 5 && next["restarted"] == nil)
        }
    }

    @Test(arguments: ["a b", String(repeating: "x", count: 101)])
    func aNamespaceThatCanBeNoneIsRefused(name: String) async throws {
        try await AdminUnderTest.with { admin async throws in
            let query = name.replacing(" ", with: "%20")
            #expect(try await admin.send("GET", "/_sim/journal?namespace=\(query)").status == 422)
        }
    }

    @Test func aLongPollEndsWithItsTime() async throws {
        try await AdminUnderTest.with { admin async throws in
            let answer = try await admin.send("GET", "/_sim/journal?wait_ms=20").json
            #expect(answer["entries"] == [])
            #expect(answer["next"] == 0)
        }
    }

    /// Returns at all only if the poll ends with the server.
    @Test func aLongPollEndsWithTheServer() async throws {
        try await AdminUnderTest.with { admin async throws in
            Task { try await admin.send("GET", "/_sim/journal?wait_ms=600000") }
            // An answered request says that the server is up; the poll may be under way or still to come.
            _ = try await admin.send("GET", "/_sim/state")
        }
    }

    @Test(arguments: ["after=-1", "after=x", "wait_ms=600001", "limit=0", "limit=99999"])
    func badNumbersAreRefused(query: String) async throws {
        try await AdminUnderTest.with { admin async throws in
            #expect(try await admin.send("GET", "/_sim/journal?\(query)").status == 422)
        }
    }
}
