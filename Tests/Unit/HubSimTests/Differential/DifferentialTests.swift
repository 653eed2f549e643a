import FoundationEssentials
import Testing

@testable import HubSim

/// Random operations have the same effect on HubSim and on RabbitMQ.
///
/// With `TEST_HUB_URL` they run there for `DIFFERENTIAL_SECONDS` (60), else on a second HubSim and briefly.
/// `DIFFERENTIAL_SEED` says where to begin; a failure names its seed, and the scenario that is left when everything that
/// is not needed for it was taken out.
@Suite("Random operations", .serialized, .timeLimit(.minutes(60)))
struct DifferentialTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let operationCount = 40

    @Test func haveTheSameEffect() async throws {
        let port = ExternalHub.port
        let seed = Self.environment["DIFFERENTIAL_SEED"].flatMap { UInt64($0) }
        let seconds = Self.environment["DIFFERENTIAL_SECONDS"].flatMap { Int($0) } ?? 60
        let deadline = ContinuousClock.now + .seconds(seconds)
        // Beside a RabbitMQ another part of the space each time; alone always the same.
        let first = seed ?? (port == nil ? 1 : UInt64.random(in: 0...UInt64(UInt32.max)))
        var run: UInt64 = 0
        repeat {
            if let difference = try await Self.difference(seed: first &+ run, port) {
                Issue.record("DIFFERENTIAL_SEED=\(first &+ run)\n\(difference)")
                return
            }
            run += 1
        } while port == nil ? run < 10 : ContinuousClock.now < deadline
        if port != nil { print("Random operations: \(run) runs from DIFFERENTIAL_SEED=\(first)") }
    }

    /// The first difference with this seed, without what is not needed for it.
    private static func difference(seed: UInt64, _ port: Int?) async throws -> Comparison.Difference? {
        let comparison = Comparison(port: port)
        var generator = OperationGenerator(seed: seed)
        var waiting = generator.beginning()[...]
        var left = operationCount
        var found = try await comparison.run { hub in
            if let operation = waiting.popFirst() { return operation }
            left -= 1
            return left < 0 ? nil : generator.next(hub)
        }
        guard let all = found?.operations else { return nil }
        _ = try await Shrinking<Operation>().shrink(all) { operations in
            var rest = operations[...]
            guard let shorter = try await comparison.run({ _ in rest.popFirst() }) else { return false }
            found = shorter
            return true
        }
        return found
    }

    /// What is taken out is taken out; what is needed stays.
    @Test func shrinking() async {
        let shrunk = await Shrinking<Int>().shrink(Array(1...40)) { $0.contains(7) && $0.contains(23) }
        #expect(shrunk == [7, 23])
    }
}
