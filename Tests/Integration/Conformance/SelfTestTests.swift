import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import ConformanceSelfTest
import Foundation
import Testing

/// The checker in both directions: it passes what is right, and catches every known mistake for its reason.
@Suite("Self-test of the checker", .serialized, .timeLimit(.minutes(10)))
struct SelfTestTests {
    /// Against each mistake the checks of the sentences that it breaks: the whole matrix is for `--self-test`.
    @Test func theMatrixHolds() async throws {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPAssetTransport.configuration()
        )
        let test = SelfTest(
            transport: HTTPAssetTransport(client: http),
            makeID: { UUID().uuidString.lowercased() },
            modesAtATime: 4,
            scope: .statedSentences
        )
        let matrix = await test.run()
        try await http.shutdown()
        for problem in matrix.problems { Issue.record("\(problem)") }
        let broken = matrix.rows.filter { $0.mode?.isLegal == false }
        #expect(broken.count >= 40)
        #expect(matrix.rows.count { $0.mode?.isLegal == true } >= 10)

        // What the diagnosis compares with is what is seen here.
        let known = Dictionary(KnownMistake.all.map { ($0.mode, $0) }, uniquingKeysWith: { first, _ in first })
        let way = "swift run -c release StorageConformance --self-test --json \(Self.file)"
        #expect(known.count == broken.count, "\(way)")
        let proven = Set(known.values.flatMap(\.failures.keys))
        for check in Catalogue.checks { #expect(proven.contains(check.id), "\(check.id) fails for no known mistake") }
        for row in broken {
            let failures = known[row.mode?.name ?? ""]?.failures ?? [:]
            #expect(
                row.killers.contains { failures[$0] == row.failures[$0] },
                "known-mistakes.json says otherwise of \(row.mode?.name ?? ""): \(way)"
            )
        }
    }

    private static let file = "Sources/ConformanceChecks/Diagnosis/known-mistakes.json"
}
