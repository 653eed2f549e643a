import HubProtocol
import JSON
import Testing

@testable import MessageHub

@Suite(.timeLimit(.minutes(5)))
struct DiscoveryTests {
    private let clock = TestClock()

    private static let announcement = ServiceAnnouncement(
        service: "storage_service",
        instanceID: "i-1",
        version: "1.2",
        status: .up,
        url: "http://storage",
        operations: ["get_image"],
        ttlSeconds: 30
    )

    private func announcer() -> Announcer {
        Announcer(
            DiscoveryTests.announcement,
            topology: Topology(),
            appID: "storage_service",
            time: TimeSource(clock),
            logger: .silent
        )
    }

    private func directory() -> ServiceDirectory {
        ServiceDirectory(topology: Topology(), appID: "image_service", time: TimeSource(clock), logger: .silent)
    }

    private func running(
        _ participant: any HubParticipant,
        on connection: ScriptedConnection,
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await participant.run(on: connection) }
            try await body()
            group.cancelAll()
        }
    }

    private func statuses(_ connection: ScriptedConnection) throws -> [ServiceAnnouncement.Status] {
        try connection.published.value.map { try ServiceAnnouncement(JSONValue(parsing: $0.message.body)).status }
    }

    private func query(_ service: String) -> HubMessage { HubMessage(body: ServiceQuery(service: service).encoded()) }

    @Test func `announces at once and every third of the TTL, as the contract says`() async throws {
        let connection = ScriptedConnection()
        try await running(announcer(), on: connection) {
            let first = try await connection.published.waitUntil { $0.count == 1 }[0]
            #expect(first.address == HubAddress(exchange: "message_hub", routingKey: "discovery.announce"))
            #expect(!first.isMandatory)
            #expect(first.message.contentType == "application/json")
            #expect(first.message.type == "discovery.announce")
            #expect(first.message.appID == "storage_service")
            #expect(first.message.timestampSeconds == 1_767_312_000)
            #expect(try ServiceAnnouncement(JSONValue(parsing: first.message.body)) == DiscoveryTests.announcement)
            for second in [10, 20, 30] {
                try await clock.advance(toSleeperAt: .seconds(second))
                try await connection.published.waitUntil { $0.count == 1 + second / 10 }
            }
        }
    }

    @Test(arguments: [("storage_service", true), ("*", true), ("image_service", false), ("Storage_service", false)])
    func `answers queries for its service`(service: String, isAnswered: Bool) async throws {
        let connection = ScriptedConnection()
        try await running(announcer(), on: connection) {
            try await connection.published.waitUntil { $0.count == 1 }
            #expect(connection.bindings.value.map(\.routingKey) == ["discovery.query"])
            connection.deliver(query(service), to: "queue-1")
            // One that is answered for sure marks the end of the first.
            if !isAnswered {
                try await connection.acknowledged.waitUntil { $0.count == 1 }
                connection.deliver(query("*"), to: "queue-1")
            }
            try await connection.published.waitUntil { $0.count == 2 }
            try await clock.sleeping.waitUntil { $0 == [.milliseconds(100), .seconds(10)] }
            #expect(connection.published.value.count == 2)
        }
    }

    @Test func `many queries are answered by few announcements`() async throws {
        let connection = ScriptedConnection()
        try await running(announcer(), on: connection) {
            try await connection.published.waitUntil { $0.count == 1 }
            connection.deliver(query("*"), to: "queue-1")
            try await clock.sleeping.waitUntil { $0.contains(.milliseconds(100)) }
            for _ in 0..<50 { connection.deliver(query("*"), to: "queue-1") }
            connection.deliver(HubMessage(body: [1, 2, 3]), to: "queue-1")
            try await connection.acknowledged.waitUntil { $0.count == 52 }
            #expect(connection.published.value.count == 2)
            try await clock.advance(toSleeperAt: .milliseconds(100))
            try await clock.sleeping.waitUntil { $0.contains(.milliseconds(200)) }
            #expect(connection.published.value.count == 3)
        }
    }

    @Test func `drains, then withdraws, and is silent from then on`() async throws {
        let connection = ScriptedConnection()
        let announcer = announcer()
        try await running(announcer, on: connection) {
            try await connection.published.waitUntil { $0.count == 1 }
            await announcer.drain()
            await announcer.withdraw()
            await announcer.withdraw()
            #expect(try statuses(connection) == [.up, .draining, .down])
            connection.deliver(query("*"), to: "queue-1")
            try await clock.sleeping.waitUntil { $0.contains(.milliseconds(100)) }
            #expect(connection.published.value.count == 3)
        }
        // Without a connection there is nobody to tell.
        await announcer.withdraw()
    }

    @Test func `withdrawing waits no longer than two seconds for the hub`() async throws {
        let connection = ScriptedConnection { _, number throws(HubError) in
            // Hangs until the task is cancelled.
            if number == 2 { _ = try? await Observed(false).waitUntil { $0 } }
        }
        let announcer = announcer()
        try await running(announcer, on: connection) {
            try await connection.published.waitUntil { $0.count == 1 }
            let withdrawing = Task { await announcer.withdraw() }
            try await clock.advance(toSleeperAt: .seconds(2))
            await withdrawing.value
        }
    }

    @Test func `the directory asks around and learns`() async throws {
        let connection = ScriptedConnection()
        let directory = directory()
        try await running(directory, on: connection) {
            let asked = try await connection.published.waitUntil { $0.count == 1 }[0]
            #expect(asked.address == HubAddress(exchange: "message_hub", routingKey: "discovery.query"))
            #expect(try ServiceQuery(JSONValue(parsing: asked.message.body)) == ServiceQuery(service: "*"))
            #expect(connection.bindings.value.map(\.routingKey) == ["discovery.announce"])
            #expect(directory.storageURL == nil)
            connection.deliver(HubMessage(body: DiscoveryTests.announcement.encoded()), to: "queue-1")
            try await directory.waitUntil { $0.isAnyUp("storage_service") }
            #expect(directory.storageURL == "http://storage")
            #expect(directory.isAnyUp("storage_service"))
            #expect(!directory.isAnyUp("image_service"))
        }
    }

    @Test func `what expires is gone, for readers and for those who wait`() async throws {
        let connection = ScriptedConnection()
        let directory = directory()
        try await running(directory, on: connection) {
            try await connection.published.waitUntil { $0.count == 1 }
            connection.deliver(HubMessage(body: DiscoveryTests.announcement.encoded()), to: "queue-1")
            try await directory.waitUntil { $0.isAnyUp("storage_service") }
            async let gone = directory.waitUntil { !$0.isAnyUp("storage_service") }
            for second in 1...30 { try await clock.advance(toSleeperAt: .seconds(second)) }
            #expect(directory.storageURL == nil)
            #expect(try await gone.instances.isEmpty)
        }
    }

    @Test(arguments: ["", "no json", "[]", "{}", #"{"event":"service.announced"}"#])
    func `malformed announcements are ignored and counted`(body: String) async throws {
        let connection = ScriptedConnection()
        let directory = directory()
        try await running(directory, on: connection) {
            try await connection.consumed.waitUntil { !$0.isEmpty }
            connection.deliver(HubMessage(body: Array(body.utf8)), to: "queue-1")
            try await connection.acknowledged.waitUntil { $0.count == 1 }
            #expect(directory.malformedAnnouncements == 1)
            #expect(directory.snapshot.instances.isEmpty)
        }
    }
}
