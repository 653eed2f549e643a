import Foundation
import HubProtocol
import Synchronization
import TestSupport
import Testing

/// Two services on one hub and one storage queue, as behind a proxy that sends each request to either of them.
@Suite("Two instances behave as one service", .timeLimit(.minutes(5)))
struct MultiInstanceTests {
    /// Whether the instance that stops has stopped.
    private final class Departure: Sendable {
        private let state = Mutex(false)

        var hasHappened: Bool { state.withLock { $0 } }
        func happened() { state.withLock { $0 = true } }
    }

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

    @Test("many uploads through both are all there, once, in one order, also when one instance stops")
    func oneService() async throws {
        let rig = try await Rig.start()
        let image = try Fixtures.bytes("images/good/png-rgb-8.png")
        let staying = rig.clients[0]
        // Its client tries for as long as this where nobody listens any more.
        let leaving = ServiceClient(rig.clients[1].baseURL, patience: .seconds(10))
        let departure = Departure()
        let names = try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var kept: [String] = []
                    for number in 0..<15 {
                        let name = "\(worker)-\(number)"
                        // What is under way at the one that stops is finished; what comes too late finds no one there.
                        let isOver = departure.hasHappened
                        let client = isOver || (worker + number).isMultiple(of: 2) ? staying : leaving
                        let status = try? await client.upload(image, name: name).status
                        if status != 201 {
                            #expect(client.baseURL == leaving.baseURL)
                            let again = try await staying.upload(image, name: name)
                            #expect(again.status == 201)
                        }
                        kept.append(name)
                    }
                    return kept
                }
            }
            var kept: [String] = []
            for _ in 0..<8 {
                guard let more = try await group.next() else { break }
                kept += more
                // The first that is done ends one of the instances, in the middle of the others' work.
                if kept.count == more.count {
                    #expect(rig.services[1].terminate() == 0)
                    departure.happened()
                }
            }
            return kept
        }
        let listed = try await staying.send("GET", "/api/v2/images/?limit=1000")
        let found = try #require(listed.json.array).compactMap { $0["name"]?.string }
        // An upload may have been answered by an instance whose answer did not get through; none is there without a name.
        #expect(Set(names).subtracting(found) == [])
        #expect(names.count == 8 * 15)
        #expect(try await staying.send("GET", "/health/ready").status == 200)
        #expect(rig.services[0].terminate() == 0)
        #expect(rig.storage.terminate() == 0)
        if let hub = rig.hub { #expect(hub.terminate() == 0) }
    }
}
