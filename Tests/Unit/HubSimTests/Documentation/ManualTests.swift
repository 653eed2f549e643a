import FaultPlan
import Foundation
import HubSim
import MessageHub
import RabbitMQ
import Testing

/// The examples of `docs/hubsim.md`, word for word: each block of Swift there stands in this file.
@Suite("Manual", .timeLimit(.minutes(5)))
struct ManualTests {
    @Test func everyBlockStandsHere() throws {
        let blocks = try Self.swiftBlocks(GeneratedDocument.repository() + "/docs/hubsim.md")
        #expect(blocks.count >= 9)
        let here = Self.words(try String(contentsOfFile: #filePath, encoding: .utf8))
        for block in blocks { #expect(here.contains(Self.words(block)), "not in ManualTests.swift:\n\(block)") }
    }

    @Test func settingsAreThoseOfTheProgram() throws {
        let repository = GeneratedDocument.repository()
        let manual = try String(contentsOfFile: repository + "/docs/hubsim.md", encoding: .utf8)
        let folders = ["HubSimServer", "DeploymentSettings", "Launch/Settings", "Launch/Lifecycle"].map {
            "/Sources/\($0)"
        }
        let sources = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: repository + folder).map {
                try String(contentsOfFile: repository + folder + "/" + $0, encoding: .utf8)
            }
        }.joined()
        let flags = Set(manual.matches(of: /`--([a-z-]+)/).map { String($0.1) })
        #expect(flags.count > 10)
        for flag in flags where flag != "help" && flag != "version" {
            let name = flag.uppercased().replacing("-", with: "_")
            #expect(sources.contains("\"\(name)\"") || sources.contains("\"--\(flag)\""), "--\(flag)")
        }
    }

    private static func swiftBlocks(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).matches(of: /```swift\n(.*?)```/.dotMatchesNewlines())
            .map { String($0.1) }
    }

    /// The text without its layout.
    private static func words(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    @Test func aHubOfOnesOwn() async throws {
        let hub = try await HubSim.start()
        print(hub.url)  // amqp://guest:guest@127.0.0.1:40123/%2F

        let connection = try await RabbitMQHub(HubURL(hub.url), RabbitMQOptions(connectionName: "orders")).connect()
        _ = try await connection.declareQueue(.durable("orders"))
        try await connection.publish(HubMessage(body: Array("1".utf8)), to: .queue("orders"), mandatory: true)
        await connection.close()

        let left = await hub.shutdown().leftovers
        #expect(left.lines == ["1 unread in queue 'orders' of vhost '/'"])
    }

    @Test func withAHub() async throws {
        try await HubSim.withHub { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "orders"))
            let deliveries = try await connection.consume(queue: "orders", prefetch: 10)

            try hub.publish(HubMessage(body: Array("1".utf8)), to: .queue("orders"))  // from behind
            let delivery = try #require(await deliveries.first { _ in true })
            try await connection.acknowledge(delivery)

            try await hub.expect(.acknowledged(from: "orders", atLeast: 1), within: .seconds(5))
            await connection.close()
        }
    }

    @Test func aHubWithoutASocket() async throws {
        let hub = HubSim.withoutSocket()
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "orders"))
        #expect(hub.port == 0)
        await hub.shutdown()
    }

    @Test func aLookInside() async throws {
        try await HubSim.withHub { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "orders"))
            let before = hub.snapshot()
            try hub.publish(HubMessage(body: Array("1".utf8), isPersistent: true), to: .queue("orders"))
            try hub.publish(HubMessage(body: Array("2".utf8)), to: .queue("orders"))

            let waiting = hub.peek("orders")  // they stay there
            #expect(waiting.map(\.message.body) == [Array("1".utf8), Array("2".utf8)])
            #expect(waiting.map(\.isRedelivered) == [false, false])

            let snapshot = hub.snapshot()
            #expect(snapshot.queue("orders")?.readyCount == 2)
            #expect(snapshot.connections.map(\.name) == ["in-process"])
            #expect(snapshot.rates(since: before) != nil)
            await connection.close()
        }
    }

    @Test func anExpectationThatFails() async throws {
        try await HubSim.withHub { hub in
            do {
                try await hub.expect(.consumers(on: "orders", atLeast: 1), within: .milliseconds(50))
            } catch {
                #expect("\(error)".contains("there is no queue 'orders' in vhost '/'"))
            }
        }
    }

    @Test func timeThatIsTurned() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration()
        configuration.time = clock.timeSource()
        try await HubSim.withHub(configuration) { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "orders"))
            var message = HubMessage(body: Array("1".utf8))
            message.expirationMs = 60_000
            try await connection.publish(message, to: .queue("orders"), mandatory: true)

            await clock.advance(by: .milliseconds(59_999))
            #expect(hub.messages(in: "orders").count == 1)
            await clock.advance(by: .milliseconds(1))
            #expect(hub.messages(in: "orders").isEmpty)
            await connection.close()
        }
    }

    @Test func thingsThatGoWrong() async throws {
        try await HubSim.withHub { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "orders"))

            let plan = try FaultPlan(shortForm: "queue=orders,nth=2:nack_publish", seed: 1)
            let (_, report) = try await hub.withFaults(plan) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("orders"), mandatory: true)
                await #expect(throws: HubError.self) {
                    try await connection.publish(HubMessage(body: [2]), to: .queue("orders"), mandatory: true)
                }
            }
            #expect(report.neverFired.isEmpty)
            await connection.close()
        }
    }

    @Test func aHubLikeOursInProduction() async throws {
        let file = GeneratedDocument.repository() + "/fixtures/hubsim/definitions/rabbitmq-3.10.8.json"
        var configuration = HubConfiguration()
        configuration.personality = .rabbitMQ313
        configuration.definitions = try Definitions(json: Array(Data(contentsOf: URL(filePath: file))))
        configuration.limits.messageBytesMax = 1 << 20
        configuration.tls = HubTLS()
        let hub = try await HubSim.start(configuration)
        #expect(hub.tlsURL.hasPrefix("amqps://") && hub.tlsAuthorityPEM != nil)
        await hub.shutdown()
    }

    @Test func whoMayDoWhat() async throws {
        var configuration = HubConfiguration()
        let onlyOrders = HubPermissions(configure: .none, write: .none, read: try NamePattern("^orders$"))
        configuration.users.append(HubUser(name: "reader", password: "secret", permissions: ["/": onlyOrders]))
        try await HubSim.withHub(configuration) { hub in
            #expect(hub.url.contains("guest:guest"), "the first user who may open the vhost")
        }
    }

    @Test func whatGoesOverTheWire() async throws {
        var configuration = HubConfiguration()
        configuration.trace = { frame in print(frame) }
        try await HubSim.withHub(configuration) { hub in
            await (try await hub.inProcess().connect()).close()
        }
    }
}
