import MessageHub
import Testing

@testable import RabbitMQ

@Suite struct HeartbeatTests {
    @Test func `sends at half the interval and gives the peer two`() {
        var heartbeat = Heartbeat(intervalMs: 1000, nowMs: 5000)
        #expect(heartbeat.nextCheckMs == 5500)
        #expect(heartbeat.action(nowMs: 5499) == .none)
        #expect(heartbeat.action(nowMs: 5500) == .send)
        heartbeat.bytesSent(nowMs: 5500)
        #expect(heartbeat.action(nowMs: 5999) == .none)
        heartbeat.bytesSent(nowMs: 6900)
        #expect(heartbeat.nextCheckMs == 7000)
        #expect(heartbeat.action(nowMs: 6999) == .none)
        #expect(heartbeat.action(nowMs: 7000) == .peerIsDead)
        heartbeat.bytesReceived(nowMs: 7000)
        #expect(heartbeat.action(nowMs: 7000) == .none)
    }

    @Test func `an interval of 0 means none`() {
        let heartbeat = Heartbeat(intervalMs: 0, nowMs: 0)
        #expect(heartbeat.nextCheckMs == nil)
        #expect(heartbeat.action(nowMs: .max) == .none)
    }
}
