import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import ConformanceSelfTest
import Foundation
import JSON
import TestSupport
import Testing

/// The checker in both directions: it passes what is right, and catches every known mistake for its reason.
@Suite("Self-test of the checker", .serialized, .timeLimit(.minutes(10)))
struct SelfTestTests {
    /// `UPDATE_CONFORMANCE=1` writes what the diagnosis compares with anew.
    @Test func theMatrixHolds() async throws {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPAssetTransport.configuration()
        )
        let matrix = await SelfTest(transport: HTTPAssetTransport(client: http)) { UUID().uuidString.lowercased() }
            .run()
        try await http.shutdown()
        for problem in matrix.problems { Issue.record("\(problem)") }
        #expect(matrix.rows.count { $0.mode?.isLegal == false } >= 40)
        #expect(matrix.rows.count { $0.mode?.isLegal == true } >= 10)

        let file = Fixtures.folder.deletingLastPathComponent()
            .appending(path: "Sources/ConformanceChecks/Diagnosis/known-mistakes.json")
        if ProcessInfo.processInfo.environment["UPDATE_CONFORMANCE"] != nil {
            let lines = matrix.knownMistakes.map { String(decoding: $0.json.encoded(), as: UTF8.self) }
            try Data(("[\n" + lines.joined(separator: ",\n") + "\n]\n").utf8).write(to: file)
            return
        }
        // A mistake may fail more checks at one time than at another; those that it is caught by stay.
        let known = Dictionary(KnownMistake.all.map { ($0.mode, $0) }, uniquingKeysWith: { first, _ in first })
        for row in matrix.rows where row.mode?.isLegal == false {
            let name = row.mode?.name ?? ""
            let failures = try #require(known[name], "\(name) is not in known-mistakes.json: UPDATE_CONFORMANCE=1")
                .failures
            #expect(
                row.killers.contains { failures[$0] == row.failures[$0] },
                "known-mistakes.json says otherwise of \(name): UPDATE_CONFORMANCE=1"
            )
        }
        #expect(known.count == matrix.rows.count { $0.mode?.isLegal == false })
    }
}
