import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import Foundation
import JSON
import SimulatedStorage
import Testing

@testable import ConformanceSelfTest

/// The checker's own test, with few modes; with all it is `make test-checker`, with a release build to be fast.
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
        #expect(matrix.text.contains("3 broken modes, 2 legal modes in "))
        #expect(matrix.text.hasSuffix(" s: all as it should be\n"))
        let json = try JSONValue(parsing: Array(matrix.json.utf8))
        #expect(json["known_mistakes"]?.array?.compactMap { $0["mode"]?.string } == broken.sorted())
        #expect(json["summary"]?["broken_modes"] == 3)
        #expect(json["summary"]?["problems"] == [])
        #expect((json["summary"]?["duration_ms"]?.integer ?? 0) > 0)
    }

    /// What takes longest would else be left over at the end, with nothing beside it.
    @Test func theSlowestModesBegin() throws {
        let slow = try #require(StorageMode.all.first { $0.isSlow })
        let quick = try #require(StorageMode.all.first { !$0.isSlow })
        #expect(SelfTest.order(of: [nil, quick, slow, quick, slow]) == [2, 4, 0, 1, 3])
    }

    @Test func whatIsNotCaughtIsAProblem() async throws {
        // Nobody looks at totals.
        let matrix = try await matrix(
            ["total-of-the-page"],
            checks: Catalogue.checks.filter { $0.profile == .core && !$0.requirements.contains("HUB-LST-003") }
        )
        #expect(matrix.problems.count { $0.contains("not caught") } == 1)
        #expect(matrix.text.hasSuffix(" s: problems: 1\n"))
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
