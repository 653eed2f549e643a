import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import FaultPlan
import FoundationEssentials
import HubProtocol
import Logging
import MessageHub
import RabbitMQ
import SimulatedStorage
import TestSupport
import Testing

/// All checks against the simulated storage, over each hub: the same results on all of them.
@Suite("Conformance over a hub", .timeLimit(.minutes(5)))
struct ConformanceTests {
    /// What needs a hub of the checker's own or a restart.
    private static let notApplicable: Set<String> = Set(
        Catalogue.checks.filter {
            !$0.needs.filter { [.insideHub, .restart, .littleRoom].contains($0) }.isEmpty
        }.map(\.id)
    )

    @Test(arguments: HubUnderTest.all)
    func theSimulatedStorageConforms(on hub: HubUnderTest) async throws {
        let report = try await report(on: hub) { $0.token = "token" }
        for result in report.results {
            let right: ConformanceChecks.Outcome = Self.notApplicable.contains(result.id) ? .notApplicable : .pass
            #expect(result.outcome == right, "\(result.id): \(result.reason ?? ""): \(result.message ?? "")")
        }
        #expect(report.exitStatus == 0)
        #expect(report.leftovers.isEmpty)
    }

    @Test(arguments: HubUnderTest.all)
    func aMistakeIsFoundForItsReason(on hub: HubUnderTest) async throws {
        let report = try await report(on: hub) { $0.mode = StorageMode.named("total-of-the-page") }
        let result = try #require(report.results.first { $0.id == "list.total" })
        #expect(result.outcome == .fail)
        #expect(result.reason == "list.total")
        #expect(report.exitStatus == 1)
        // Beside another mistake that shows in the same checks.
        #expect(report.guesses.contains { $0.mode == "total-of-the-page" })
    }

    @Test(arguments: HubUnderTest.all)
    func withoutAServiceNothingIsVerified(on hub: HubUnderTest) async throws {
        let client = try await hub.client()
        let topology = Topology(exchange: uniqueName("exchange"), queue: uniqueName("queue"))
        let surroundings = Surroundings(hub: client, topology: topology, time: .system) {
            UUID().uuidString.lowercased()
        }
        let report = await ConformanceRun(checks: Catalogue.checks, surroundings: surroundings).run()
        #expect(report.results.allSatisfy { $0.outcome == .couldNotRun && $0.reason == "hub.no-consumer" })
        #expect(report.exitStatus == 2)
    }

    @Test func withoutAHubNothingIsVerified() async throws {
        // Nobody listens on the first port of all (tcpmux, RFC 1078); a name that does not exist would ask a server of
        // names, which may take its time.
        let hub = RabbitMQHub(
            try HubURL("amqp://guest:guest@127.0.0.1:1/%2F"),
            RabbitMQOptions(connectionName: "nowhere")
        )
        let surroundings = Surroundings(hub: hub, time: .system) { UUID().uuidString.lowercased() }
        let report = await ConformanceRun(checks: Catalogue.checks, surroundings: surroundings).run()
        #expect(report.results.allSatisfy { $0.outcome == .couldNotRun && $0.reason == "hub.unreachable" })
        #expect(report.exitStatus == 2)
    }

    @Test func aRunThatIsCutShortSaysSoAndLeavesNothing() async throws {
        try await withStorage(on: .inProcess) { surroundings, storage in
            let run = ConformanceRun(checks: Catalogue.checks, surroundings: surroundings, options: Self.options)
            let (results, tell) = AsyncStream.makeStream(of: CheckResult.self)
            let task = Task {
                defer { tell.finish() }
                return await run.run(progress: { tell.yield($0) })
            }
            // As soon as some have made images.
            var seen = 0
            for await _ in results {
                seen += 1
                if seen == 10 { break }
            }
            task.cancel()
            let report = await task.value
            #expect(!report.isComplete)
            #expect(report.cutShort == "interrupted")
            #expect(report.results.contains { $0.reason == "run.cut-short" })
            #expect(report.exitStatus != 0)
            #expect(report.leftovers.isEmpty)
            let left = try await storage.newestImages(limit: 1)
            #expect(left.total == 0)
        }
    }

    @Test func aRunThatGoesOnIsReportedMeanwhile() async throws {
        try await withStorage(on: .inProcess) { surroundings, _ in
            let run = ConformanceRun(checks: Catalogue.checks, surroundings: surroundings, options: Self.options)
            let (reports, tell) = AsyncStream.makeStream(of: RunReport.self)
            let task = Task {
                defer { tell.finish() }
                return await run.run(partial: { tell.yield($0) })
            }
            // On a busy machine the first may come before any check has passed.
            let early = try #require(await reports.first { $0.results.contains { $0.outcome == .pass } })
            #expect(!early.isComplete)
            #expect(early.exitStatus == 2)
            #expect(early.results.map(\.id) == Catalogue.checks.map(\.id))
            task.cancel()
            _ = await task.value
        }
    }

    /// What one check met when the service went is its failure; all that come later say nothing about a service.
    @Test func aServiceThatIsGoneIsNotBlamedByEveryCheck() async throws {
        let plan = try FaultPlan(shortForm: "create_image,nth=20:crash:3600s:x1")
        let report = try await withStorage(
            on: .inProcess,
            change: { $0.faultPlan = plan },
            { surroundings, _ in
                var options = Self.options
                options.timeoutMs = 2000
                return await ConformanceRun(checks: Catalogue.checks, surroundings: surroundings, options: options)
                    .run()
            }
        )
        let gone = report.results.filter { $0.reason == "service.gone" }
        #expect(gone.count > Catalogue.checks.count / 2)
        #expect(gone.allSatisfy { $0.outcome == .couldNotRun })
        #expect(report.exitStatus != 0)
    }

    // MARK: The bench

    private func report(
        on hub: HubUnderTest,
        change: @escaping @Sendable (inout SimulatedStorage.Configuration) -> Void
    ) async throws -> RunReport {
        try await withStorage(on: hub, change: change) { surroundings, _ in
            await ConformanceRun(checks: Catalogue.checks, surroundings: surroundings, options: Self.options).run()
        }
    }

    /// A busy machine may take its time.
    private static let options: RunOptions = {
        var options = RunOptions()
        options.timeoutMs = 20_000
        options.waitSeconds = 60
        return options
    }()

    private func withStorage<Result: Sendable>(
        on hub: HubUnderTest,
        change: @escaping @Sendable (inout SimulatedStorage.Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (Surroundings, SimulatedStorage) async throws -> Result
    ) async throws -> Result {
        let client = try await hub.client()
        var configuration = SimulatedStorage.Configuration(instanceID: uniqueName("storage"), version: "0")
        configuration.topology = Topology(exchange: uniqueName("exchange"), queue: uniqueName("queue"))
        configuration.ttlSeconds = 12
        change(&configuration)
        let storage = SimulatedStorage(configuration: configuration, time: .system, logger: .silent)
        let link = StorageLink(storage: storage, hub: client, time: .system, seed: 1, logger: .silent)
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPAssetTransport.configuration()
        )
        let topology = configuration.topology
        let token = configuration.token
        do {
            let result = try await running([storage.assetServer, link]) {
                let surroundings = Surroundings(
                    hub: client,
                    topology: topology,
                    storageURL: try await storage.boundURL(),
                    token: token,
                    transport: HTTPAssetTransport(client: http),
                    time: .system,
                    makeID: { UUID().uuidString.lowercased() }
                )
                return try await body(surroundings, storage)
            }
            try await http.shutdown()
            return result
        } catch {
            try await http.shutdown()
            throw error
        }
    }
}
