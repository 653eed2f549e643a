import Foundation
import HubProtocol
import HubSim
import JSON
import MessageHub
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

/// The storage side as a process of its own on a data directory, killed again and again while it is asked.
@Suite("Storage on a data directory is killed")
struct StorageKilledTests {
    private static let kills = 6
    private static let workers = 12
    private static let timeout = Duration.seconds(120)

    /// What was answered, and which events were told, by operation.
    final class Record: Sendable {
        private let state = Mutex(
            (replies: [String: JSONValue](), events: [String: Set<String>](), problems: [String](), isOver: false)
        )

        var replies: [String: JSONValue] { state.withLock { $0.replies } }
        var events: [String: Set<String>] { state.withLock { $0.events } }
        var problems: [String] { state.withLock { $0.problems } }
        var isOver: Bool { state.withLock { $0.isOver } }
        func answered(_ operation: String, _ data: JSONValue) { state.withLock { $0.replies[operation] = data } }
        func told(_ event: StorageEvent) {
            state.withLock { _ = $0.events[event.operationID, default: []].insert(event.eventID) }
        }
        func failed(_ problem: String) { state.withLock { $0.problems.append(problem) } }
        func end() { state.withLock { $0.isOver = true } }
    }

    @Test(.timeLimit(.minutes(10)))
    func everyRequestHasOneEffectAndOneEvent() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("data"))
        defer { try? FileManager.default.removeItem(at: folder) }
        let hub = try await HubSim.start()
        let topology = Topology()
        let requester = Requester(topology: topology, time: .system, logger: .silent)
        let directory = ServiceDirectory(
            topology: topology,
            appID: Topology.App.imageService,
            time: .system,
            logger: .silent
        )
        let link = HubLink(
            hub: hub.inProcess(),
            participants: [requester, directory],
            time: .system,
            seed: 1,
            logger: .silent
        )
        let record = Record()

        try await running([link]) {
            try await withConnection(hub.inProcess()) { connection in
                try await connection.declareExchange(
                    ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
                )
                let queue = try await freshQueue(connection)
                try await connection.bind(queue: queue, exchange: topology.exchange, routingKey: "image.#")
                let subscription = try await connection.consume(queue: queue, prefetch: 100)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await delivery in subscription {
                            record.told(try StorageEvent(try JSONValue(parsing: delivery.message.body)))
                            try await connection.acknowledge(delivery)
                        }
                    }
                    try await play(
                        hub: hub,
                        data: folder.path,
                        requester: requester,
                        directory: directory,
                        record: record
                    )
                    group.cancelAll()
                }
            }
        }
        await hub.shutdown()
    }

    private func play(
        hub: HubSim,
        data: String,
        requester: Requester,
        directory: ServiceDirectory,
        record: Record
    ) async throws {
        var storage = try await start(hub, data)
        // From now on there is a queue, whoever listens to it.
        try await directory.waitUntil { $0.isAnyUp(Topology.App.storageService) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    var number = 0
                    while !record.isOver {
                        await ask(
                            StorageBench.image(named: "\(worker)-\(number)"),
                            "\(worker)-\(number)",
                            requester,
                            record
                        )
                        number += 1
                    }
                }
            }
            for _ in 0..<Self.kills {
                let before = record.replies.count
                while record.replies.count < before + Self.workers * 2, record.problems.isEmpty {
                    try await Task.sleep(for: .milliseconds(2))
                }
                storage.kill()
                storage = try await start(hub, data)
            }
            record.end()
            try await group.waitForAll()
        }
        #expect(record.problems.isEmpty)
        let replies = record.replies
        #expect(replies.count > Self.kills * Self.workers)
        // Started once more, it still knows every operation, and has every image once.
        #expect(storage.terminate() == 0)
        storage = try await start(hub, data)
        for (id, data) in replies {
            let again = try await requester.request(
                StorageBench.image(named: id),
                operationID: id,
                timeout: Self.timeout
            )
            #expect(again == .success(data))
        }
        let page = try await requester.request(
            .listImages(ListImages(limit: 1)),
            operationID: "list",
            timeout: Self.timeout
        )
        guard case .success(let list) = page else { throw ProgramError("\(page)") }
        #expect(list["total"] == .integer(Int64(replies.count)))
        // No event was lost, and none was made twice.
        while record.events.count < replies.count { try await Task.sleep(for: .milliseconds(2)) }
        #expect(Set(record.events.keys) == Set(replies.keys))
        #expect(record.events.values.allSatisfy { $0.count == 1 })
        #expect(storage.terminate() == 0)
    }

    private func ask(_ operation: StorageOperation, _ id: String, _ requester: Requester, _ record: Record) async {
        do {
            switch try await requester.request(operation, operationID: id, timeout: Self.timeout) {
            case .success(let data): record.answered(id, data)
            case .failure(let failure): record.failed("\(id): \(failure)")
            }
        } catch {
            record.failed("\(id): \(error)")
        }
    }

    private func start(_ hub: HubSim, _ data: String) async throws -> ProgramProcess {
        try await ProgramProcess.start(
            "StorageSimulator",
            ["--port", "0", "--data", data],
            environment: ["MESSAGE_HUB_URL": hub.url]
        )
    }

    @Test(.timeLimit(.minutes(10)))
    func aSecondProcessIsToldWhoHasTheDirectory() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("data"))
        defer { try? FileManager.default.removeItem(at: folder) }
        let hub = try await HubSim.start()
        let first = try await start(hub, folder.path)
        let error = await #expect(throws: ProgramError.self) { _ = try await start(hub, folder.path) }
        #expect(error?.description.contains("DATA cannot be used") == true)
        #expect(error?.description.contains("is in use by process \(first.pid) since") == true)
        // And how to have what was wanted.
        #expect(error?.description.contains("--instances") == true)
        #expect(first.terminate() == 0)
        await hub.shutdown()
    }

    @Test(.timeLimit(.minutes(10)))
    func devKeepsItsImagesOverItsEnd() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: uniqueName("data"))
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = try Fixtures.bytes("images/good/png-rgb-8.png")
        let arguments = ["dev", "--port", "0", "--data", folder.path]
        let first = try await ProgramProcess.start("ImageService", arguments)
        var client = ServiceClient(try first.address("http"))
        try await client.waitUntilReady()
        let uploaded = try await client.upload(image, name: "kept")
        #expect(uploaded.status == 201)
        first.kill()
        let second = try await ProgramProcess.start("ImageService", arguments)
        client = ServiceClient(try second.address("http"))
        try await client.waitUntilReady()
        let id = try #require(uploaded.json["id"]?.string)
        #expect(try await client.send("GET", "/api/v2/images/\(id)").json["name"] == "kept")
        #expect(try await client.send("GET", "/api/v2/images/\(id)/content").body == image)
        #expect(second.terminate() == 0)
    }
}
