import Crypto
import Foundation
import HubProtocol
import JSON
import MessageHub
import RabbitMQ
import ServiceLifecycle
import TestSupport
import Testing

/// `StorageSimulator --instances 2`: two consumers of one queue, on one store, over a real socket.
@Suite("Two storage instances on one store", .timeLimit(.minutes(10)))
struct StorageInstancesTests {
    private static let timeout = Duration.seconds(120)

    /// The program, and two requesters with a connection each.
    private struct Rig: Sendable {
        let program: ProgramProcess
        let requesters: [Requester]
        let admin: ServiceClient
        let assets: [ServiceClient]

        static func run(
            _ arguments: [String] = [],
            _ body: @Sendable @escaping (Rig) async throws -> Void
        ) async throws {
            let program = try await ProgramProcess.start(
                "StorageSimulator",
                ["--hub-listen", "127.0.0.1:0", "--port", "0", "--admin-port", "0", "--instances", "2"] + arguments
            )
            let directory = ServiceDirectory(
                topology: Topology(),
                appID: Topology.App.imageService,
                time: .system,
                logger: .silent
            )
            let requesters = (0..<2).map { _ in Requester(topology: Topology(), time: .system, logger: .silent) }
            let url = try HubURL(program.address("amqp"))
            let links = requesters.enumerated().map { number, requester in
                HubLink(
                    hub: RabbitMQHub(url, RabbitMQOptions(connectionName: "requester \(number)")),
                    participants: number == 0 ? [requester, directory] : [requester],
                    time: .system,
                    seed: UInt64(number),
                    logger: .silent
                )
            }
            let rig = Rig(
                program: program,
                requesters: requesters,
                admin: ServiceClient(try program.address("admin")),
                assets: [
                    ServiceClient(try program.address("storage")), ServiceClient(try program.address("storage_2")),
                ]
            )
            try await running(links) {
                try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
                try await body(rig)
            }
            #expect(program.terminate() == 0)
        }

        func ask(
            _ operation: StorageOperation,
            id: String = UUID().uuidString,
            by requester: Int = 0
        ) async throws -> JSONValue {
            let timeout = StorageInstancesTests.timeout
            switch try await requesters[requester].request(operation, operationID: id, timeout: timeout) {
            case .success(let data): return data
            case .failure(let failure): throw failure
            }
        }

        func arm(_ rule: JSONValue) async throws {
            let answer = try await admin.send(
                "PUT",
                "/_sim/faults",
                headers: [("Content-Type", "application/json")],
                body: JSONValue.object(["rules": [rule]]).encoded()
            )
            #expect(answer.status == 200, "\(answer.json)")
        }

        /// Publishes a request from behind, with headers of any kind.
        func publish(_ headers: JSONValue, replyTo queue: String) async throws {
            let request: JSONValue = [
                "operation": "create_image", "operation_id": "op", "data": ["name": "not for the default one"],
            ]
            let published = try await admin.send(
                "POST",
                "/_sim/hub/publish",
                headers: [("Content-Type", "application/json")],
                body: JSONValue.object([
                    "exchange": "message_hub", "routing_key": "storage.request",
                    "payload": .string(String(decoding: request.encoded(), as: UTF8.self)),
                    "properties": ["reply_to": .string(queue), "headers": headers],
                ]).encoded()
            )
            #expect(published.json["queues"] == 1, "\(published.json)")
        }

        /// Whether each of them consumes.
        var consuming: [JSONValue?] {
            get async throws {
                let state = try await admin.send("GET", "/_sim/state").json["parts"]?["storage"]
                return state?["instances"]?.array?.map { $0["consuming"] } ?? []
            }
        }
    }

    private func total(_ rig: Rig) async throws -> JSONValue? {
        try await rig.ask(.listImages(ListImages(limit: 1)))["total"]
    }

    @Test(arguments: [false, true])
    func requestsGoToBothAndWhatOneDoesBothKnow(isDurable: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("data"))
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Rig.run(isDurable ? ["--data", folder.path] : []) { rig in
            // Each is told apart by its id and its asset API, which the program has said when it was ready.
            let state = try await rig.admin.send("GET", "/_sim/state").json["parts"]?["storage"]
            let instances = state?["instances"]?.array ?? []
            #expect(instances.map { $0["url"]?.string } == rig.assets.map(\.baseURL))
            #expect(Set(instances.map { $0["instance_id"] }).count == 2)
            // Whoever got a reply finds its effect, whichever of them is asked.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in 0..<8 {
                            let name = "\(worker)-\(number)"
                            let image = try await rig.ask(StorageBench.image(named: name), by: worker % 2)
                            let id = image["id"]?.string ?? ""
                            let found = try await rig.ask(.getImage(GetImage(imageID: id)), by: number % 2)
                            #expect(found == image)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await total(rig) == 64)
            let journal = try await rig.admin.send("GET", "/_sim/journal?limit=10000").json["entries"]?.array ?? []
            let requests = journal.filter { $0["event"] == "request" && $0["operation"] != nil }
            let ofSecond = requests.filter { $0["instance"] == 2 }
            #expect(!ofSecond.isEmpty && ofSecond.count < requests.count)

            // The same operation id at the same time from two sides: one effect, one reply for both.
            for number in 0..<20 {
                let operation = StorageBench.image(named: "once \(number)")
                async let one = rig.ask(operation, id: "once-\(number)", by: 0)
                async let other = rig.ask(operation, id: "once-\(number)", by: 1)
                let replies = (try await one, try await other)
                #expect(replies.0 == replies.1)
            }
            #expect(try await total(rig) == 84)

            // Bytes that one has taken the other gives.
            let bytes = Array("bytes".utf8)
            let path = "/api/v2/assets/" + SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
            #expect(try await rig.assets[1].send("PUT", path, body: bytes).status == 201)
            #expect(try await rig.assets[0].send("GET", path).body == bytes)
        }
    }

    /// A crash takes one process of several: what it had goes to the others, and its asset API is gone with it.
    @Test func aCrashOfOneLeavesTheOtherAtWorkAndAResetBringsItBack() async throws {
        try await Rig.run { rig in
            try await rig.arm([
                "id": "die", "match": ["operation": "create_image"], "count": 1, "at": "after_effect",
                "fault": ["kind": "crash", "down_ms": 3_600_000],
            ])
            // The one that is struck has done it; the other one answers, and does not do it again.
            _ = try await rig.ask(StorageBench.image(named: "struck"))
            for number in 0..<10 { _ = try await rig.ask(StorageBench.image(named: "\(number)")) }
            #expect(try await total(rig) == 11)
            var consuming = try await rig.consuming
            while consuming.filter({ $0 == true }).count != 1 {
                try await Task.sleep(for: .milliseconds(5))
                consuming = try await rig.consuming
            }
            for (instance, isUp) in consuming.enumerated() {
                let health = try? await rig.assets[instance].send("GET", "/health").status
                #expect(health == (isUp == true ? 200 : nil))
            }
            // Who is answered may ask: both are on the queue again, though nobody has waited for an hour.
            #expect(try await rig.admin.send("POST", "/_sim/reset").status == 204)
            let parts = try await rig.admin.send("GET", "/_sim/state").json["parts"]
            let queue = parts?["hub"]?["queues"]?.array?.first { $0["name"] == "storage_service" }
            #expect(queue?["consumers"] == 2)
            #expect(try await rig.assets[0].send("GET", "/health").status == 200)
            #expect(try await rig.assets[1].send("GET", "/health").status == 200)
        }
    }

    /// A header of a kind that no namespace has comes over the wire as what it is: none, and not the default one.
    @Test func aHeaderThatNamesNoNamespaceIsRefused() async throws {
        let values: [JSONValue] = [7, true, "", ["a": 1], [1, 2], 1.5]
        try await Rig.run { rig in
            let hub = RabbitMQHub(try HubURL(rig.program.address("amqp")), RabbitMQOptions(connectionName: "raw"))
            try await withConnection(hub) { connection in
                let queue = try await freshQueue(connection)
                var replies = try await connection.consume(queue: queue, prefetch: 1).makeAsyncIterator()
                for value in values {
                    try await rig.publish(["X-Sim-Namespace": value], replyTo: queue)
                    let next = await replies.next()
                    let reply = try #require(next)
                    let error = try JSONValue(parsing: reply.message.body)["error"]
                    #expect(error?["code"] == "VALIDATION_ERROR", "\(value)")
                    #expect(error?["message"]?.string?.contains("X-Sim-Namespace") == true, "\(value)")
                    try await connection.acknowledge(reply)
                }
            }
            #expect(try await total(rig) == 0)
        }
    }
}
