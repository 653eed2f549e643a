import AMQP
import Synchronization
import Testing

@testable import HubSim

@Suite("The end of a connection")
struct ConnectionEndTests {
    /// What a channel gives back must not go to a sibling that is about to go too: without acknowledgements it is lost.
    @Test(.keeps(.sharing, "nothing is delivered to a connection that is being closed"), arguments: [true, false])
    func nothingIsHandedToAConnectionThatEnds(isByError: Bool) throws {
        let broker = BrokerUnderTest()
        let a = try broker.connect()
        a.declare("q")
        a.prefetch(1)
        a.consume("q", "s")
        a.publish("1", "q")
        a.channel(2).consume("q", "t", noAck: true)
        if isByError {
            #expect(a.send(.channelOpen) == ["a close 504 CHANNEL_ERROR - second 'channel.open' seen"])
        } else {
            #expect(a.disconnect() == [])
        }
        #expect(broker.snapshot.queue("q")?.readyCount == 1)
        #expect(broker.snapshot.queue("q")?.acknowledgedCount == 0)
    }

    @Test func theDoorGoesWithTheConnection() throws {
        let hub = Hub(configuration: BrokerConfiguration(), timeline: Timeline(time: .system))
        let door = RecordingDoor()
        let id = try hub.open(ConnectionProfile(), door: door)
        hub.apply([
            .method(id, channel: 1, .channelOpen), .method(id, channel: 2, .channelOpen),
            .method(id, channel: 1, .queueDeclare(QueueDeclare(queue: "q"))),
            .method(id, channel: 1, .basicQos(BasicQos(prefetchCount: 1))),
            .method(id, channel: 1, .basicConsume(BasicConsume(queue: "q", consumerTag: "s"))),
            .publish(
                id,
                channel: 1,
                Message(exchange: "", routingKey: "q", body: [1]),
                mandatory: false,
                immediate: false
            ),
            .method(id, channel: 2, .basicConsume(BasicConsume(queue: "q", consumerTag: "t", noAck: true))),
            .method(id, channel: 1, .channelOpen),
        ])
        #expect(hub.state.withLock { $0.doors.isEmpty })
        let last = try #require(door.taken.withLock { $0.last })
        guard case .closeConnection(id, _) = last else {
            Issue.record("after the close came \(last)")
            return
        }
    }
}

/// A door that keeps what it is given.
private final class RecordingDoor: Door {
    let taken = Mutex<[Directive]>([])

    func take(_ directives: ArraySlice<Directive>) -> Bool {
        taken.withLock { $0 += directives }
        return false
    }

    func wake() {}
}
