import AMQP
import MessageHub
import Synchronization
import Testing

@testable import HubSim

@Suite("Time", .timeLimit(.minutes(5)))
struct TimeTests {
    @Test func aClockThatIsTurnedWakesInOrder() async throws {
        let clock = VirtualClock()
        let timeline = Timeline(time: clock.timeSource())
        let fired = Mutex<[Int]>([])
        for ms in [30, 10, 20] {
            timeline.schedule(at: Instant(microseconds: Int64(ms) * 1000)) { fired.withLock { $0.append(ms) } }
        }
        let cancelled = timeline.schedule(at: Instant(microseconds: 15_000)) { Issue.record("it was cancelled") }
        timeline.cancel(cancelled)
        while clock.sleeperCount == 0 { await Task.yield() }
        await clock.advance(by: .milliseconds(9))
        #expect(fired.withLock { $0 } == [])
        await clock.advance(by: .milliseconds(11))
        #expect(fired.withLock { $0 } == [10, 20])
        await clock.advance(by: .seconds(1))
        #expect(fired.withLock { $0 } == [10, 20, 30])
    }

    @Test func messagesExpireWithTheClockOfTheHub() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration()
        configuration.time = clock.timeSource()
        let hub = HubSim.withoutSocket(configuration)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.publish(HubMessage(body: [], expirationMs: 5000), to: .queue("q"), mandatory: true)
        while clock.sleeperCount == 0 { await Task.yield() }
        await clock.advance(by: .milliseconds(4999))
        #expect(hub.snapshot().queue("q")?.readyCount == 1)
        await clock.advance(by: .milliseconds(1))
        #expect(await hub.waitUntil(.empty("q")))
        await hub.shutdown()
    }

    @Test func conditionsAreWaitedFor() async throws {
        let hub = HubSim.withoutSocket()
        let connection = try await hub.inProcess().connect()
        async let isBound = hub.waitUntil(.bound(queue: "q", exchange: "amq.topic", routingKey: "k"))
        async let isConsumed = hub.waitUntil(.consumers(on: "q", atLeast: 1))
        async let isSeen = hub.waitUntil(.snapshot { $0.queue("q")?.unackedCount == 1 })
        let cancelled = Task { await hub.waitUntil(.queue("never")) }
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.bind(queue: "q", exchange: "amq.topic", routingKey: "k")
        #expect(await isBound)
        _ = try await connection.consume(queue: "q", prefetch: 1)
        #expect(await isConsumed)
        try await connection.publish(HubMessage(body: []), to: .queue("q"), mandatory: true)
        #expect(await isSeen)
        cancelled.cancel()
        #expect(await cancelled.value == false)
        async let ended = hub.waitUntil(.queue("never"))
        await hub.shutdown()
        #expect(await ended == false)
    }

    /// Turning a clock wakes a sleeper; by the time that it runs, an earlier entry may have put another in its place.
    @Test func aSleeperThatWasReplacedLeavesTheNewOneAlone() async throws {
        let clock = VirtualClock()
        // Behind another clock, so that the time line sleeps on it as on any clock.
        let timeline = Timeline(
            time: TimeSource(clock: OtherClock(clock: clock), wallNow: clock.timeSource().timestamp)
        )
        let fired = Mutex<[Int]>([])
        timeline.schedule(at: Instant(microseconds: 20_000)) { fired.withLock { $0.append(20) } }
        let former = timeline.sleeperNumber
        timeline.schedule(at: Instant(microseconds: 10_000)) { fired.withLock { $0.append(10) } }
        #expect(timeline.sleeperNumber == former + 1)
        timeline.fire(former)
        #expect(timeline.sleeperNumber == former + 1, "it neither cleared the new one nor began a third")
        while clock.sleeperCount == 0 { await Task.yield() }
        await clock.advance(by: .milliseconds(10))
        while fired.withLock({ $0.isEmpty }) { await Task.yield() }
        #expect(fired.withLock { $0 } == [10])
    }
}

/// A clock that a time line does not know, turned by one that it would know.
private struct OtherClock: Clock {
    let clock: VirtualClock
    var now: VirtualClock.Instant { clock.now }
    var minimumResolution: Duration { clock.minimumResolution }
    func sleep(until deadline: VirtualClock.Instant, tolerance: Duration?) async throws {
        try await clock.sleep(until: deadline, tolerance: tolerance)
    }
}
