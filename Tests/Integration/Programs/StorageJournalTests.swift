import Foundation
import HubProtocol
import JSON
import MessageHub
import RabbitMQ
import ServiceLifecycle
import TestSupport
import Testing

/// What a storage process decides is the same whatever its threads do, and its record plays the same again.
@Suite("The journal of a storage process")
struct StorageJournalTests {
    private static let secret = "do-not-write-me-down"
    private static let rules = """
        create_image:error:code=STORAGE_FULL:1/3; name=n1*:duplicate_reply:1/4; \
        list_images:wrong_correlation_id:1/3; route=GET *:http_status:status=500:1/2
        """

    /// What a run came to.
    struct Run: Sendable, Equatable {
        /// Rule, key and number among those of its key, sorted.
        var decisions: [String] = []
        var digest = ""
    }

    @Test(.timeLimit(.minutes(10)))
    func theSamePlanAndRequestsDecideTheSameWhateverTheThreads() async throws {
        // One thread in each pool, and one request at a time; then as many as there are processors, all at once.
        let one = try await run(wrapper: ["taskset", "-c", "0"], workers: 1)
        let many = try await run(wrapper: [], workers: 16)
        #expect(one.decisions == many.decisions)
        #expect(one.digest == many.digest)
        #expect(one.decisions.count > 30, "\(one.decisions)")
        #expect(Set(one.decisions.map { $0.prefix { $0 != " " } }).count == 4)
    }

    private func run(wrapper: [String], workers: Int) async throws -> Run {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("journal"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let record = folder.appending(path: "journal.jsonl").path
        let storage = try await ProgramProcess.start(
            "StorageSimulator",
            [
                "--hub-listen", "127.0.0.1:0", "--port", "0", "--admin-port", "0", "--fault", Self.rules, "--seed",
                "99",
                "--record", record,
            ],
            environment: ["STORAGE_SERVICE_TOKEN": Self.secret],
            wrapper: wrapper
        )
        try await ask(storage, workers: workers)
        let admin = ServiceClient(try storage.address("admin"))
        let report = try await admin.send("GET", "/_sim/faults/report")
        #expect(report.json["never_fired"] == [])
        let journal = try await admin.send("GET", "/_sim/journal?limit=10000")
        #expect(journal.json["dropped"] == 0)
        var run = Run(digest: journal.json["digest"]?.string ?? "")
        for entry in journal.json["entries"]?.array ?? [] where entry["event"] == "decision" {
            run.decisions.append(
                "\(entry["rule"]?.string ?? "") \(entry["key"]?.string ?? "") \(entry["occurrence"]?.integer ?? 0)"
            )
        }
        run.decisions.sort()
        #expect(storage.terminate() == 0)
        let recorded = try String(contentsOfFile: record, encoding: .utf8)
        #expect(!recorded.contains(Self.secret))
        #expect(recorded.contains(run.digest))
        let replayed = try Replayed(record)
        #expect(replayed.status == 0, "\(replayed.output)")
        #expect(replayed.output.contains("the decisions are the same"))
        return run
    }

    /// The same requests every time: images that are made, lists, and a look at assets, each a number of times.
    private func ask(_ storage: ProgramProcess, workers: Int) async throws {
        let hub = RabbitMQHub(try HubURL(storage.address("amqp")), .patient("journal tests"))
        let requester = Requester(topology: Topology(), time: .system, logger: .silent)
        let directory = ServiceDirectory(
            topology: Topology(),
            appID: Topology.App.imageService,
            time: .system,
            logger: .silent
        )
        let link = HubLink(hub: hub, participants: [requester, directory], time: .system, seed: 1, logger: .silent)
        let assets = ServiceClient(try storage.address("storage"))
        try await running([link]) {
            try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<workers {
                    group.addTask {
                        for number in 0..<160 where number % workers == worker {
                            try await ask(number, requester, assets)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func ask(_ number: Int, _ requester: Requester, _ assets: ServiceClient) async throws {
        switch number % 4 {
        case 0, 1:
            _ = try await requester.request(
                StorageBench.image(named: "n\(number)"),
                operationID: "create-\(number)",
                timeout: .seconds(120)
            )
        case 2:
            _ = try await requester.request(
                .listImages(ListImages(limit: 1)),
                operationID: "list-\(number)",
                timeout: .seconds(120)
            )
        default:
            let name = String(repeating: String(number % 10), count: 64)
            let headers = [("Authorization", "Bearer \(Self.secret)")]
            #expect(
                [404, 500].contains(try await assets.send("GET", "/api/v2/assets/\(name)", headers: headers).status)
            )
        }
    }
}
