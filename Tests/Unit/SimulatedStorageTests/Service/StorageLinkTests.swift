import HubProtocol
import JSON
import Logging
import MessageHub
import ServiceLifecycleTestKit
import SimulatedStorage
import Synchronization
import Testing

/// An instance on a hub, from its first connection to its last announcement.
@Suite(.timeLimit(.minutes(5))) struct StorageLinkTests {
    /// A hub that gives out one connection after the other.
    final class ScriptedHub: MessageHub {
        let name = "scripted"
        private let connections: Mutex<[ScriptedConnection]>

        init(_ connections: [ScriptedConnection]) { self.connections = Mutex(connections) }

        func connect() throws(HubError) -> any HubConnection {
            let next = connections.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let next else { throw .unreachable("no more connections") }
            return next
        }
    }

    private func run(
        _ connections: [ScriptedConnection],
        _ body: @Sendable (SimulatedStorage, GracefulShutdownTestTrigger) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let time = TimeSource(clock: ContinuousClock()) { HandTime.start }
        let storage = SimulatedStorage(
            configuration: SimulatedStorage.Configuration(instanceID: "instance", version: "1"),
            time: time,
            logger: logger
        )
        let link = StorageLink(storage: storage, hub: ScriptedHub(connections), time: time, seed: 1, logger: logger)
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await storage.assetServer.run() }
                group.addTask { try await link.run() }
                try await body(storage, trigger)
                try await group.waitForAll()
            }
        }
    }

    private func statuses(_ connection: ScriptedConnection) throws -> [ServiceAnnouncement.Status] {
        try connection.published(to: "discovery.announce").map {
            try ServiceAnnouncement(JSONValue(parsing: $0.message.body)).status
        }
    }

    @Test func announcesItselfAnswersAndGoesInOrder() async throws {
        let gate = Gate()
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "replies" { await gate.pass() }
        }
        try await run([connection]) { storage, trigger in
            try await connection.wait { !$0.published(to: "discovery.announce").isEmpty }
            let first = try #require(connection.published(to: "discovery.announce").first)
            #expect(try ServiceAnnouncement(JSONValue(parsing: first.message.body)) == storage.announcement(.up))
            connection.deliver("create_image", .portrait, id: "op")
            await gate.waitForArrival()
            trigger.triggerGracefulShutdown()
            // It says that it drains while the last request is under way, and that it is down only afterwards.
            try await connection.wait { $0.published(to: "discovery.announce").count == 2 }
            #expect(connection.acknowledged == [])
            gate.open()
        }
        #expect(connection.acknowledged == [1])
        #expect(connection.published(to: "image.created").count == 1)
        #expect(try statuses(connection) == [.up, .draining, .down])
        #expect(connection.actions.last == .closed)
    }

    @Test func takesUpItsWorkOnTheNextConnection() async throws {
        let (first, second) = (ScriptedConnection(), ScriptedConnection())
        try await run([first, second]) { storage, trigger in
            try await first.wait { !$0.published(to: "discovery.announce").isEmpty }
            first.endDeliveries()
            second.deliver("create_image", .portrait, id: "op")
            try await second.wait {
                $0.acknowledged == [1] && !$0.published(to: "discovery.announce").isEmpty
                    && $0.published(to: "image.created").count == 1
            }
            #expect(first.actions.contains(.closed))
            trigger.triggerGracefulShutdown()
        }
        #expect(try statuses(second).first == .up)
        #expect(try statuses(second).last == .down)
    }
}
