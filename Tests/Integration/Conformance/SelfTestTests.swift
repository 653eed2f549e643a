import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import ConformanceSelfTest
import Foundation
import SimulatedStorage
import Testing

/// The checker's own test, with few modes; with all it is `make test-checker`, which takes a release build to be fast.
@Suite("Self-test of the checker", .timeLimit(.minutes(10)))
struct SelfTestTests {
    @Test func aModeOfEachKindIsToldFromTheOther() async throws {
        let broken = ["total-of-the-page", "correlation-id-dropped", "digests-are-not-verified"]
        let legal = ["other-wording", "extra-fields"]
        let matrix = try await matrix(broken + legal)
        for problem in matrix.problems { Issue.record("\(problem)") }
        #expect(matrix.rows.map { $0.mode?.name } == [nil] + broken + legal)
        for row in matrix.rows { #expect(row.killers.isEmpty == (row.mode?.isLegal ?? true), "\(row.line)") }
        #expect(matrix.knownMistakes.map(\.mode) == broken)
        #expect(matrix.text.contains("3 broken modes, 2 legal modes: all as it should be"))
    }

    @Test func whatIsNotCaughtIsAProblem() async throws {
        // Nobody looks at totals.
        let matrix = try await matrix(
            ["total-of-the-page"],
            checks: Catalogue.checks.filter { $0.profile == .core && !$0.requirements.contains("HUB-LST-003") }
        )
        #expect(matrix.problems.count { $0.contains("not caught") } == 1)
    }

    private func matrix(_ modes: [String], checks: [Check] = Catalogue.checks) async throws -> Matrix {
        let modes = try modes.map { try #require(StorageMode.named($0), "no mode \($0)") }
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPAssetTransport.configuration()
        )
        let test = SelfTest(
            transport: HTTPAssetTransport(client: http),
            makeID: { UUID().uuidString.lowercased() },
            modesAtATime: 2,
            checks: checks,
            scope: .statedSentences
        )
        let matrix = await test.run(modes: modes)
        try await http.shutdown()
        return matrix
    }
}
