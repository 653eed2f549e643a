import Foundation
import HubProtocol
import Logging
import MessageHub
import RabbitMQ
import TestSupport
import Testing

/// The program as a user starts it.
@Suite struct ProgramTests {
    @Test func devHasEverythingInOneProcess() async throws {
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        let dev = try await ProgramProcess.start("ImageService", ["dev", "--port", "0"])
        #expect(Set(dev.addresses.keys).isSuperset(of: ["http", "amqp", "storage"]))
        let client = ServiceClient(try dev.address("http"))
        try await client.waitUntilReady()
        let made = try await client.upload(bytes, name: "n")
        #expect(made.status == 201, "\(made.json)")
        let url = try #require(made.json["content"]?["url"]?.string)
        #expect(url.hasPrefix(try dev.address("http")))
        #expect(try await ServiceClient("").send("GET", url).body == bytes)
        #expect(dev.terminate() == 0)
    }

    /// One plan, of which the hub and a durable storage take each its own; what was acknowledged outlives the process.
    @Test func devGoesWrongOnBothSidesAndKeepsItsData() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dev-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = ["dev", "--port", "0", "--data", folder.path]
        let faults = "list_images:error:code=STORAGE_FULL:x1; queue=storage_service:duplicate_delivery:x1"
        let first = try await ProgramProcess.start("ImageService", arguments + ["--fault", faults, "--seed", "5"])
        let client = ServiceClient(try first.address("http"))
        try await client.waitUntilReady()
        let made = try await client.upload(try Fixtures.bytes("images/good/png-rgb-8.png"), name: "kept")
        #expect(made.status == 201, "\(made.json)")
        let full = try await client.send("GET", "/api/v2/images/")
        #expect(full.status == 503 && full.json["error"]?["details"]?["reason"] == "full")
        let admin = ServiceClient(try first.address("admin"))
        let report = try await admin.send("GET", "/_sim/faults/report")
        #expect(report.json["never_fired"] == [] && report.json["seed"] == 5)
        #expect(try await admin.send("GET", "/_sim/state").json["parts"]?["storage"]?["images"] == 1)
        first.kill()

        let second = try await ProgramProcess.start("ImageService", arguments)
        let again = ServiceClient(try second.address("http"))
        try await again.waitUntilReady()
        let listed = try await again.send("GET", "/api/v2/images/")
        #expect(listed.json.array?.compactMap { $0["name"]?.string } == ["kept"])
        #expect(second.terminate() == 0)
    }

    /// Without a hub the service listens, says that it is not ready, and answers within its time.
    @Test func runListensWhileTheHubIsAway() async throws {
        let run = try await ProgramProcess.start(
            "ImageService",
            ["run", "--port", "0", "--storage-timeout-ms=200"],
            environment: ["MESSAGE_HUB_URL": "amqp://guest:guest@127.0.0.1:1"]
        )
        let client = ServiceClient(try run.address("http"))
        #expect(try await client.send("GET", "/health").status == 503)
        let answer = try await client.send("GET", "/api/v2/images/")
        #expect(answer.status == 503)
        #expect(answer.errorCode == "STORAGE_ERROR")
        #expect(run.terminate() == 0)
    }

    /// The storage side that hosts its hub, asked by a requester of the test's own.
    @Test func storageHostsTheHubOnDemand() async throws {
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            ["--hub-listen", "127.0.0.1:0", "--port", "0"]
        )
        #expect(Set(storage.addresses.keys) == ["amqp", "storage"])
        let hub = RabbitMQHub(
            try HubURL(try storage.address("amqp")),
            .patient("program tests")
        )
        let requester = Requester(topology: Topology(), time: .system, logger: .silent)
        let directory = ServiceDirectory(
            topology: Topology(),
            appID: Topology.App.imageService,
            time: .system,
            logger: .silent
        )
        let link = HubLink(hub: hub, participants: [requester, directory], time: .system, seed: 1, logger: .silent)
        try await running([link]) {
            try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
            #expect(directory.storageURL == storage.addresses["storage"])
            let outcome = try await requester.request(
                .listImages(ListImages()),
                operationID: "1",
                timeout: .seconds(60)
            )
            #expect(outcome == .success(["images": [], "total": 0]))
        }
        #expect(storage.terminate() == 0)
    }

    struct Usage: Sendable {
        var program = "ImageService"
        var arguments: [String]
        var environment: [String: String] = [:]
        /// What the one line must hold.
        var words: [String]
    }

    @Test(arguments: [
        Usage(arguments: ["run"], words: ["MESSAGE_HUB_URL"]),
        Usage(arguments: ["run"], environment: ["MESSAGE_HUB_URL": ""], words: ["MESSAGE_HUB_URL"]),
        Usage(arguments: [], words: ["command"]),
        Usage(arguments: ["serve"], words: ["serve"]),
        Usage(arguments: ["dev", "--nonsense", "1"], words: ["--nonsense"]),
        Usage(arguments: ["dev", "--port", "70000"], words: ["PORT", "70000", "--port"]),
        Usage(arguments: ["dev"], environment: ["PORT": "x"], words: ["PORT", "x", "environment"]),
        Usage(arguments: ["dev"], environment: ["STORAGE_TIMEOUT_MS": "0"], words: ["STORAGE_TIMEOUT_MS", "0"]),
        Usage(arguments: ["dev"], environment: ["MAX_UPLOAD_BYTES": "1e6"], words: ["MAX_UPLOAD_BYTES", "1e6"]),
        Usage(arguments: ["dev"], environment: ["MAX_IMAGE_PIXELS": "-1"], words: ["MAX_IMAGE_PIXELS", "-1"]),
        Usage(arguments: ["dev"], environment: ["IMAGE_FORMATS": "png,svg"], words: ["IMAGE_FORMATS", "svg"]),
        Usage(arguments: ["dev"], environment: ["PUBLIC_URL": "images.example"], words: ["PUBLIC_URL", "http://"]),
        Usage(arguments: ["dev"], environment: ["CORS_ORIGINS": "example.org"], words: ["CORS_ORIGINS"]),
        Usage(arguments: ["dev"], environment: ["API_TOKENS": "a:secret"], words: ["API_TOKENS"]),
        Usage(arguments: ["dev"], environment: ["API_TOKENS": "@/nowhere"], words: ["API_TOKENS"]),
        Usage(arguments: ["dev"], environment: ["LOG_LEVEL": "loud"], words: ["LOG_LEVEL", "loud"]),
        Usage(arguments: ["run"], environment: ["MESSAGE_HUB_URL": "http://secret"], words: ["MESSAGE_HUB_URL"]),
        Usage(program: "HubSimServer", arguments: ["--port", "65536"], words: ["PORT", "65536", "--port"]),
        Usage(program: "HubSimServer", arguments: ["--nonsense"], words: ["--nonsense"]),
        Usage(program: "HubSimServer", arguments: [], environment: ["HOST": "a b"], words: ["HOST", "a b"]),
        Usage(
            program: "HubSimServer",
            arguments: ["--trace-file", "/nope/x"],
            words: ["TRACE_FILE", "/nope/x", "--trace-file", "No such file"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--port", "0"],
            environment: ["PCAP": "/nope/x"],
            words: ["PCAP", "/nope/x", "environment", "No such file"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--port", "0", "--tls-port", "0", "--tls-cert", "/dev/null", "--tls-key", "/dev/null"],
            words: ["TLS_CERT", "/dev/null", "the flag --tls-cert"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--port", "0", "--tls-port", "0"],
            environment: ["TLS_CLIENT_CA": "/dev/null"],
            words: ["TLS_CLIENT_CA", "/dev/null", "environment"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--user", "a:secret1,a:secret2"],
            words: ["HUB_USER", "'a' twice"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--vhost", "a,a"],
            words: ["VHOST", "a,a", "--vhost", "'a' twice"]
        ),
        Usage(program: "HubSimServer", arguments: ["--admin-host", "127.0.0.1"], words: ["ADMIN_PORT", "ADMIN_HOST"]),
        Usage(
            program: "HubSimServer",
            arguments: ["--port", "0", "--ready-file", "/nope/ready.json"],
            words: ["READY_FILE", "/nope/ready.json", "--ready-file"]
        ),
        Usage(
            program: "HubSimServer",
            arguments: ["--port", "0", "--fault", "queue=q:refuse_connection"],
            words: ["FAULT", "--fault", "queue"]
        ),
        Usage(program: "StorageSimulator", arguments: [], words: ["MESSAGE_HUB_URL"]),
        Usage(
            program: "StorageSimulator",
            arguments: ["--hub-listen", "x"],
            words: ["HUB_LISTEN", "x", "--hub-listen"]
        ),
        Usage(
            program: "StorageSimulator",
            arguments: ["--hub-listen", "127.0.0.1:0"],
            environment: ["MESSAGE_HUB_URL": "amqp://u:secret@h"],
            words: ["MESSAGE_HUB_URL", "HUB_LISTEN"]
        ),
        Usage(
            program: "StorageSimulator",
            arguments: [],
            environment: ["MESSAGE_HUB_URL": "amqp://h", "MESSAGE_HUB_EXCHANGE": String(repeating: "x", count: 128)],
            words: ["MESSAGE_HUB_EXCHANGE"]
        ),
        Usage(
            arguments: ["run"],
            environment: ["MESSAGE_HUB_URL": "amqp://h", "STORAGE_SERVICE_URL": "ftp://s"],
            words: ["STORAGE_SERVICE_URL", "ftp://s"]
        ),
    ])
    func badUsageIsOneLineAndStatus64(_ usage: Usage) throws {
        let process = Process()
        process.executableURL = Programs.folder.appending(path: usage.program)
        process.arguments = usage.arguments
        process.environment = usage.environment
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 64, "\(said)")
        #expect(said.filter { $0 == "\n" }.count == 1, "\(said)")
        for word in usage.words { #expect(said.contains(word), "\(said)") }
        #expect(!said.contains("secret"), "\(said)")
    }
}
