import AMQP
import MessageHub
import Testing

@testable import HubSim

/// With a clock that is turned by hand, nothing needs to be waited for: when the clock has been turned, the hub is done.
@Suite("Virtual time", .timeLimit(.minutes(10)))
struct VirtualTimeTests {
    private func hub(
        _ clock: VirtualClock,
        heartbeatSeconds: UInt16 = 0,
        acknowledgementMs: Int64? = nil
    ) async throws -> HubSim {
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        configuration.heartbeatSeconds = heartbeatSeconds
        if let acknowledgementMs { configuration.limits.acknowledgementMs = acknowledgementMs }
        return try await HubSim.start(configuration)
    }

    @Test(arguments: 0..<50)
    func messagesExpireAtTheirTimeAndNotBefore(_ run: Int) async throws {
        let clock = VirtualClock()
        let hub = try await hub(clock)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.publish(HubMessage(body: [], expirationMs: 5000), to: .queue("q"), mandatory: true)
        await clock.advance(by: .milliseconds(4999))
        #expect(hub.snapshot().queue("q")?.readyCount == 1)
        await clock.advance(by: .milliseconds(1))
        #expect(hub.snapshot().queue("q")?.readyCount == 0)
        await connection.close()
        await hub.shutdown()
    }

    @Test(arguments: 0..<50)
    func queuesExpireAtTheirTimeAndNotBefore(_ run: Int) async throws {
        let clock = VirtualClock()
        let hub = try await hub(clock)
        let client = try await RawClient.withChannel(port: hub.port)
        let declare = QueueDeclare(queue: "q", arguments: ["x-expires": .int32(60_000)])
        _ = try await client.ask(.queueDeclare(declare))
        await clock.advance(by: .milliseconds(59_999))
        #expect(hub.snapshot().queue("q") != nil)
        await clock.advance(by: .milliseconds(1))
        #expect(hub.snapshot().queue("q") == nil)
        await client.close()
        await hub.shutdown()
    }

    @Test(arguments: 0..<50)
    func whatIsNotAcknowledgedClosesItsChannelInTime(_ run: Int) async throws {
        let clock = VirtualClock()
        let hub = try await hub(clock, acknowledgementMs: 10_000)
        let client = try await RawClient.withChannel(port: hub.port)
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        try await client.publish("m", "q")
        _ = try await client.ask(.basicGet(BasicGet(queue: "q")))
        await clock.advance(by: .milliseconds(9_999))
        #expect(hub.snapshot().counters.channelsClosed == [:])
        await clock.advance(by: .milliseconds(1))
        #expect(hub.snapshot().counters.channelsClosed == [406: 1])
        #expect(hub.snapshot().queue("q")?.readyCount == 1)
        await client.close()
        await hub.shutdown()
    }

    @Test(.keeps(.time, "a client that is silent for two intervals of heartbeats is cut off"), arguments: 0..<50)
    func aSilentClientIsCutOffAfterTwoHeartbeats(_ run: Int) async throws {
        let clock = VirtualClock()
        let hub = try await hub(clock, heartbeatSeconds: 10)
        let tune = ConnectionTuneOk(channelMax: 2047, frameMax: 131_072, heartbeat: 10)
        let client = try await RawClient.loggedIn(port: hub.port, tune: tune)
        await clock.advance(by: .milliseconds(19_999))
        #expect(hub.snapshot().connections.count == 1)
        await clock.advance(by: .milliseconds(1))
        #expect(hub.snapshot().connections.isEmpty)
        await client.close()
        await hub.shutdown()
    }

    @Test func idleIsWhenNothingButHeartbeatsIsLeft() async throws {
        let clock = VirtualClock()
        let hub = try await hub(clock, heartbeatSeconds: 10)
        let tune = ConnectionTuneOk(channelMax: 2047, frameMax: 131_072, heartbeat: 10)
        let client = try await RawClient.loggedIn(port: hub.port, tune: tune)
        #expect(await clock.runUntilIdle())
        #expect(clock.now.offset == .zero, "there are heartbeats alone")
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        for ms in [7000, 3000] {
            try await connection.publish(HubMessage(body: [], expirationMs: ms), to: .queue("q"), mandatory: true)
        }
        #expect(await clock.runUntilIdle())
        #expect(clock.now.offset == .seconds(7))
        #expect(hub.snapshot().queue("q")?.readyCount == 0)
        #expect(hub.snapshot().connections.count == 2)
        // Further than the bound it does not go, and says so.
        try await connection.publish(HubMessage(body: [], expirationMs: 11_000), to: .queue("q"), mandatory: true)
        #expect(await clock.runUntilIdle(within: .seconds(10)) == false)
        #expect(clock.now.offset == .seconds(17) && hub.snapshot().queue("q")?.readyCount == 1)
        await connection.close()
        await client.close()
        await hub.shutdown()
    }

    @Test func shutdownDoesNotWaitForAClockThatNobodyTurns() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        configuration.limits.closeMs = 50
        let hub = try await HubSim.start(configuration)
        // One that never logs in, one that never answers, one that has a message under way that expires some day.
        let stranger = try await RawClient(port: hub.port)
        let silent = try await RawClient.withChannel(port: hub.port)
        _ = try await silent.ask(.queueDeclare(QueueDeclare(queue: "q")))
        try hub.publish(HubMessage(body: [], expirationMs: 1000), to: .queue("q"))
        let left = await hub.shutdown()
        #expect(left.queue("q")?.readyCount == 1)
        #expect(hub.snapshot().connections.isEmpty)
        #expect(await clock.runUntilIdle())
        #expect(clock.now.offset == .zero, "nothing is scheduled any more")
        await stranger.close()
        await silent.close()
    }
}
