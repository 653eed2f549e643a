import AsyncHTTPClient
import ConformanceChecks
import ConformanceHTTP
import ConformanceSelfTest
import Files
import FoundationEssentials
import HubSim
import Launch
import MessageHub
import RabbitMQ
import SimulatedStorage
import UnixSignals

extension App {
    static func run(_ settings: ConformanceSettings, _ launch: Launch) async throws {
        switch settings.task {
        case .list: list(settings.checks)
        case .selfTest(let modes): try await selfTest(modes, settings)
        case .check(let hub): try await check(hub, settings, launch)
        }
    }

    private static func list(_ checks: [Check]) {
        for check in checks {
            say(
                "\(check.id)\t\(check.profile.rawValue)\t\(check.requirements.joined(separator: " "))\t\(check.title)"
            )
        }
    }

    /// At once, also where the output is a file or a pipe: somebody may be watching.
    private static func say(_ line: String) { StandardStream.output.write(Array((line + "\n").utf8)) }

    private static func makeID() -> String { UUID().uuidString.lowercased() }

    // MARK: The self-test

    private static func selfTest(_ modes: [StorageMode], _ settings: ConformanceSettings) async throws {
        let matrix = try await withClient { client in
            await SelfTest(
                transport: HTTPAssetTransport(client: client),
                makeID: { makeID() },
                checks: settings.checks
            ).run(modes: modes) { row in say(row.line) }
        }
        say("")
        say(matrix.text)
        for problem in matrix.problems { say("problem: \(problem)") }
        if let path = settings.knownMistakesPath {
            do throws(OutputFileError) {
                try OutputFile(path: path).write(Array(matrix.json.utf8))
            } catch {
                throw ExitStatus(70, saying: "\(error)")
            }
        }
        // A checker that its own test finds wrong is a checker that broke.
        if !matrix.problems.isEmpty { throw ExitStatus(70) }
    }

    // MARK: A run

    private static func check(
        _ choice: ConformanceSettings.HubChoice,
        _ settings: ConformanceSettings,
        _ launch: Launch
    ) async throws {
        launch.removeReadyFile()
        defer { launch.removeReadyFile() }
        let refusals = RefusalLog()
        let hosted: HubSim?
        let hub: any MessageHub
        switch choice {
        case .remote(let url):
            hosted = nil
            hub = RabbitMQHub(
                url,
                RabbitMQOptions(
                    connectionName: "storage_conformance",
                    product: "StorageConformance",
                    version: Version.current
                )
            )
        case .hosted(let address):
            var configuration = HubConfiguration()
            configuration.host = address.host
            configuration.port = address.port
            configuration.logger = refusals.logger
            let own = try await HubSim.start(configuration)
            say("hub: \(own.url)")
            hosted = own
            hub = own.inProcess()
        }
        if let hosted {
            try await launch.readyBoard(expecting: ["amqp"]).bound("amqp", at: hosted.url)
        } else {
            try await launch.readyBoard(expecting: []).nothingToBind()
        }
        let report = try await withClient { (client: HTTPClient) async throws -> RunReport in
            let surroundings = Surroundings(
                hub: hub,
                topology: settings.topology,
                storageURL: settings.storageURL,
                token: settings.token,
                transport: HTTPAssetTransport(client: client),
                restart: restart(settings.restartCommand),
                hasLittleRoom: settings.hasLittleRoom,
                inside: hosted.map { HubSimInside(hub: $0) { refusals.refusals } },
                time: .system,
                makeID: { makeID() }
            )
            let run = ConformanceRun(
                checks: settings.checks,
                surroundings: surroundings,
                options: settings.options,
                baseline: settings.baseline
            )
            return await untilSignalled {
                await run.run(
                    note: { say($0) },
                    progress: { say(TextReport.line(of: $0)) },
                    partial: { settings.reports.writePartial($0) }
                )
            }
        }
        await hosted?.shutdown()
        say(TextReport.summary(of: report))
        try settings.reports.write(report)
        if report.exitStatus != 0 { throw ExitStatus(report.exitStatus) }
    }

    private static func restart(_ command: String?) -> (@Sendable () async throws -> Void)? {
        guard let command else { return nil }
        return { try await RestartCommand(command).run() }
    }

    private static func withClient<Result: Sendable>(
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPAssetTransport.configuration())
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Runs something that SIGTERM or SIGINT cancels; a second one ends the process at once.
    private static func untilSignalled(_ body: @Sendable @escaping () async -> RunReport) async -> RunReport {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        // Cancelled alone, so that the report is still waited for.
        let work = Task { await body() }
        let watch = Task {
            var isEnding = false
            for await signal in signals {
                if isEnding { exitNow(128 + signal.rawValue) }
                isEnding = true
                say("\(signal): ending; what was made is removed")
                work.cancel()
            }
        }
        let report = await work.value
        watch.cancel()
        return report
    }
}
