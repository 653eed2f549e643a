import Foundation
import JSON
import TestSupport
import Testing

/// The program as users start it.
@Suite("StorageConformance", .serialized, .timeLimit(.minutes(5)))
struct ConformanceProgramTests {
    private struct Ended {
        var status: Int32
        var output: String
    }

    /// Runs the program to its end.
    private func run(_ arguments: [String]) async throws -> Ended {
        let process = Process()
        process.executableURL = Programs.folder.appending(path: "StorageConformance")
        process.arguments = arguments
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        let file = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString).txt")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try FileHandle(forWritingTo: file)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                ended.resume(throwing: error)
            }
        }
        return Ended(status: status, output: try String(contentsOf: file, encoding: .utf8))
    }

    @Test func aRightStorageIsConformantAndTheReportsAreWritten() async throws {
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--hub-listen", "127.0.0.1:0", "--port", "0"]
        )
        let folder = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["json", "junit", "html"].map { folder.appending(path: $0).path }
        let hub = try storage.address("amqp")
        let url = try storage.address("storage")
        let ended = try await run([
            "--hub", hub, "--storage", url, "--profile", "core,assets", "--profile", "versions", "--timeout-ms",
            "20000",
            "--json", paths[0], "--junit", paths[1], "--html", paths[2],
        ])
        #expect(ended.status == 0, "\(ended.output)")
        let json = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: paths[0]))))
        let problems = try JSONSchema(named: "conformance-report.schema.json").problems(of: json)
        #expect(problems.isEmpty, "\(problems)")
        #expect(json["exit_status"] == 0)
        #expect(json["complete"] == true)
        let junit = try String(contentsOfFile: paths[1], encoding: .utf8)
        #expect(junit.hasPrefix("<?xml") && junit.contains("classname=\"versions\""))
        let html = try String(contentsOfFile: paths[2], encoding: .utf8)
        #expect(html.hasPrefix("<!doctype html>") && html.contains("storage.request"))

        // The same service, with a known failure that it does not have.
        let baseline = folder.appending(path: "baseline.json")
        try Data("{\"failures\":[{\"check\":\"reply.once\",\"reason\":\"r\",\"message\":\"m\"}]}".utf8).write(
            to: baseline
        )
        let stale = try await run(["--hub", hub, "--only", "reply.once", "--baseline", baseline.path])
        #expect(stale.status == 3, "\(stale.output)")
        withExtendedLifetime(storage) {}
    }

    @Test func nobodyThereIsIncomplete() async throws {
        let hub = try await ProgramProcess.start("HubSimServer", ["--port", "0"])
        let url = try hub.address("amqp")
        let ended = try await run(["--hub", url, "--only", "reply.once"])
        #expect(ended.status == 2, "\(ended.output)")
        #expect(ended.output.contains("hub.no-consumer"))
        withExtendedLifetime(hub) {}
    }

    @Test func aHostedHubWaitsForItsTime() async throws {
        let ended = try await run(["--hub-listen", "127.0.0.1:0", "--wait-seconds", "1", "--profile", "core"])
        #expect(ended.status == 2, "\(ended.output)")
        #expect(ended.output.contains("amqp://"))
    }

    @Test func aHostedHubIsInTheReadyFile() async throws {
        let checker = try await ProgramProcess.start(
            "StorageConformance",
            ["--hub-listen", "127.0.0.1:0", "--wait-seconds", "600", "--only", "reply.once"]
        )
        let hub = try checker.address("amqp")
        #expect(hub.hasPrefix("amqp://"))
        // Whoever reads it can start a service with it.
        let storage = try await ProgramProcess.start("StorageSimulator", ["--message-hub-url", hub, "--port", "0"])
        withExtendedLifetime((checker, storage)) {}
    }

    /// The checker was there first, and has declared everything as it should be.
    @Test func whoIsRefusedByAHostedHubIsToldWhy() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "report.json").path
        let checker = try await ProgramProcess.start(
            "StorageConformance",
            [
                "--hub-listen", "127.0.0.1:0", "--wait-seconds", "600", "--timeout-ms", "500", "--profile", "core",
                "--json", path,
            ]
        )
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--message-hub-url", checker.address("amqp"), "--port", "0", "--mode", "exchange-not-durable"]
        )
        #expect(checker.waitForEnd() == 1)
        let json = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: path))))
        let failed = (json["checks"]?.array ?? []).filter { $0["outcome"] == "fail" }
        #expect(failed.map { $0["id"] } == ["topology.exchange"])
        #expect(failed.first?["reason"] == "exchange.declared-otherwise")
        #expect(failed.first?["message"]?.string?.contains("406 PRECONDITION_FAILED") == true)
        withExtendedLifetime(storage) {}
    }

    @Test func anAssetAPIThatIsNotThereIsToldOnce() async throws {
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--hub-listen", "127.0.0.1:0", "--port", "0"]
        )
        let hub = try storage.address("amqp")
        // Nobody listens on the first port of all (tcpmux, RFC 1078).
        let ended = try await run([
            "--hub", hub, "--storage", "http://127.0.0.1:1", "--profile", "assets",
        ])
        #expect(ended.status == 2, "\(ended.output)")
        #expect(ended.output.components(separatedBy: "\n???? could not run").count == 2, "\(ended.output)")
        #expect(ended.output.contains("assets.unreachable"))
        #expect(!ended.output.contains("assets; left"))
        withExtendedLifetime(storage) {}
    }

    @Test(arguments: [
        ["--hub", "nonsense"], ["--hub", "amqp://localhost", "--profile", "nothing"],
        ["--hub", "amqp://localhost", "--only", "no.such-check"],
        ["--hub", "amqp://localhost", "--skip", "HUB-XXX-999"],
        ["--hub", "amqp://localhost", "--baseline", "/nonexistent"],
        ["--hub", "amqp://localhost", "--timeout-ms", "x"],
        [], ["--hub", "amqp://localhost", "--hub-listen", "127.0.0.1:0"],
        ["--hub-listen", "127.0.0.1:0", "--mode", "queue-not-bound"],
        ["--hub-listen", "127.0.0.1:0", "--junit", "/nonexistent/report.xml"],
        ["--hub-listen", "127.0.0.1:0", "--html", "/"],
    ])
    func wrongUsageIs64(arguments: [String]) async throws {
        let ended = try await run(arguments)
        #expect(ended.status == 64, "\(ended.output)")
    }

    @Test func theChecksAreListed() async throws {
        let ended = try await run(["--list", "--profile", "listing"])
        #expect(ended.status == 0)
        #expect(ended.output.contains("list.order\tlisting\tHUB-LST-001"))
        #expect(!ended.output.contains("reply.once"))
    }
}
