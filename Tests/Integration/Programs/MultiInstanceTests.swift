import Foundation
import HubProtocol
import Synchronization
import TestSupport
import Testing

/// Two services on one hub and one storage queue, as behind a proxy that sends each request to either of them.
@Suite("Two instances behave as one service", .timeLimit(.minutes(5)))
struct MultiInstanceTests {
    private struct Rig {
        let hub: ProgramProcess?
        let storage: ProgramProcess
        let services: [ProgramProcess]
        let clients: [ServiceClient]

        /// On a hub of its own, or, where `TEST_HUB_URL` names one, on that, with names of its own.
        static func start() async throws -> Rig {
            let external = ProcessInfo.processInfo.environment["TEST_HUB_URL"]
            let hub = external == nil ? try await ProgramProcess.start("HubSimServer", ["--port", "0"]) : nil
            let name = "instances-\(UUID().uuidString.lowercased())"
            let environment = [
                "MESSAGE_HUB_URL": try external ?? hub?.address("amqp") ?? "", "MESSAGE_HUB_EXCHANGE": name,
            ]
            let storage = try await ProgramProcess.start(
                "StorageSimulator",
                ["--port", "0", "--message-hub-queue", name],
                environment: environment
            )
            var services: [ProgramProcess] = []
            for _ in 0..<2 {
                services.append(
                    try await ProgramProcess.start(
                        "ImageService",
                        [
                            "run", "--port", "0", "--public-url", "https://images.example", "--storage-timeout-ms",
                            "60000",
                        ],
                        environment: environment
                    )
                )
            }
            let clients = try services.map { ServiceClient(try $0.address("http")) }
            for client in clients { try await client.waitUntilReady() }
            return Rig(hub: hub, storage: storage, services: services, clients: clients)
        }

        func stop() {
            for service in services { #expect(service.terminate() == 0) }
            #expect(storage.terminate() == 0)
            if let hub { #expect(hub.terminate() == 0) }
        }
    }

    @Test("what one does, the other shows at once")
    func oneTruth() async throws {
        let rig = try await Rig.start()
        let (here, there) = (rig.clients[0], rig.clients[1])
        let png = try Fixtures.bytes("images/good/png-rgb-8.png")
        let gif = try Fixtures.bytes("images/good/gif-animated.gif")

        let created = try await here.upload(png, name: "one")
        #expect(created.status == 201)
        let path = "/api/v2/images/" + (try #require(created.json["id"]?.string))
        // The same answer, entity tag and address included, whoever is asked.
        let shown = try await there.send("GET", path)
        #expect(shown.json == created.json)
        #expect(shown.headers["etag"] == created.headers["etag"])
        let tag = try #require(created.headers["etag"])
        #expect(try await there.send("GET", path, headers: [("If-None-Match", tag)]).status == 304)
        #expect(try await there.send("GET", path + "/content").body == png)

        // Whoever was quicker at one is known at the other.
        let replaced = try await there.send(
            "PUT",
            path + "/content",
            headers: [("Content-Type", "image/gif"), ("If-Match", tag)],
            body: gif
        )
        #expect(replaced.status == 201)
        #expect(replaced.json["version"] == 2)
        let late = try await here.send(
            "PUT",
            path + "/content",
            headers: [("Content-Type", "image/png"), ("If-Match", tag)],
            body: png
        )
        #expect(late.status == 412)
        #expect(try await here.send("GET", path + "/content").body == gif)
        #expect(try await here.send("GET", path + "/content?version=1").body == png)

        // A variant that one remembers is no older than what the other stores.
        let variant = path + "/content?width=5&format=png"
        let before = try await here.send("GET", variant)
        #expect(try await there.send("GET", variant).body == before.body)
        #expect(try await there.send("DELETE", path).status == 204)
        #expect(try await here.send("GET", variant).status == 404)
        #expect(try await here.send("GET", path).status == 404)
        rig.stop()
    }

    /// What the uploading tasks and the test tell one another.
    private final class Progress: Sendable {
        private let state = Mutex((answered: 0, isLeaving: false, hasLeft: false))

        var answered: Int { state.withLock { $0.answered } }
        /// Whether an instance was told to stop: from then on its failures are no failures.
        var isLeaving: Bool { state.withLock { $0.isLeaving } }
        func oneMoreAnswered() { state.withLock { $0.answered += 1 } }
        func leave() { state.withLock { $0.isLeaving = true } }
        /// Whether that instance has ended.
        var hasLeft: Bool { state.withLock { $0.hasLeft } }
        func left() { state.withLock { $0.hasLeft = true } }
    }

    /// Uploads to an instance that may stop meanwhile; the status, if there was an answer. A client that finds nobody at
    /// the address tries for a long time, and here it is known that nobody comes back.
    private func upload(_ image: [UInt8], name: String, to client: ServiceClient, _ progress: Progress) async -> Int? {
        await withTaskGroup(of: Int?.self) { group in
            group.addTask { try? await client.upload(image, name: name).status }
            group.addTask {
                while !progress.hasLeft, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    @Test("many uploads through both are all there, once, in one order, also when one instance stops")
    func oneService() async throws {
        let rig = try await Rig.start()
        let image = try Fixtures.bytes("images/good/png-rgb-8.png")
        let (staying, leaving) = (rig.clients[0], rig.clients[1])
        let progress = Progress()
        let names = try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var kept: [String] = []
                    for number in 0..<15 {
                        let name = "\(worker)-\(number)"
                        let isElsewhere = (worker + number).isMultiple(of: 2) || progress.isLeaving
                        // What is under way at the one that stops is finished; what comes too late finds no one there. How
                        // that looks to a client is its own matter: it sends the upload to the other.
                        var status =
                            isElsewhere
                            ? try await staying.upload(image, name: name).status
                            : await upload(image, name: name, to: leaving, progress)
                        if status != 201 {
                            #expect(!isElsewhere && progress.isLeaving, "\(name): \(status ?? 0)")
                            status = try await staying.upload(image, name: name).status
                            #expect(status == 201)
                        }
                        progress.oneMoreAnswered()
                        kept.append(name)
                    }
                    return kept
                }
            }
            group.addTask {
                // In the middle of the work of all of them.
                while progress.answered < 24 { try await Task.sleep(for: .milliseconds(2)) }
                progress.leave()
                #expect(rig.services[1].terminate() == 0)
                progress.left()
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let listed = try await staying.send("GET", "/api/v2/images/?limit=1000")
        let found = try #require(listed.json.array).compactMap { $0["name"]?.string }
        // An upload may have been answered by an instance whose answer did not get through; none is there without a name.
        #expect(Set(names).subtracting(found) == [])
        #expect(names.count == 8 * 15)
        try await staying.waitUntilReady()
        #expect(rig.services[0].terminate() == 0)
        #expect(rig.storage.terminate() == 0)
        if let hub = rig.hub { #expect(hub.terminate() == 0) }
    }
}
