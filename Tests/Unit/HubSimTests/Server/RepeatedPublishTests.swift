import AMQP
import MessageHub
import Testing

@testable import HubSim

/// What a publisher says again is not decoded again; whatever it changes must count all the same.
@Suite struct RepeatedPublishTests {
    /// One publish: where, with what properties, on which channel.
    struct Publish: Sendable, CustomTestStringConvertible {
        var key = "q"
        var properties = BasicProperties(contentType: "text/plain")
        var channel: UInt16 = 1

        var testDescription: String { "\(key) on \(channel)" }
    }

    static let sequences: [[Publish]] = [
        Array(repeating: Publish(), count: 3),
        // Another queue in between, of a name that is as long.
        [Publish(), Publish(key: "r"), Publish(), Publish(key: "r")],
        // Other properties, of the same size and of others.
        [
            Publish(), Publish(properties: BasicProperties(contentType: "text/plane")),
            Publish(properties: BasicProperties()), Publish(properties: BasicProperties()), Publish(),
        ],
        // The same from another channel.
        [Publish(), Publish(channel: 2), Publish(channel: 2), Publish()],
        // Properties too large to be kept.
        Array(
            repeating: Publish(
                properties: BasicProperties(headers: ["h": .octets(Array(repeating: 255, count: 2000))])
            ),
            count: 2
        ),
    ]

    @Test(arguments: sequences) func everyPublishArrivesAsItWasSaid(_ sequence: [Publish]) async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        try await client.send(.channelOpen, channel: 2)
        _ = try await client.next()
        for queue in ["q", "r"] { _ = try await client.ask(.queueDeclare(QueueDeclare(queue: queue))) }
        var frames: [Frame] = []
        for (index, publish) in sequence.enumerated() {
            let body = Array("\(index)".utf8)
            let header = ContentHeader(bodySize: UInt64(body.count), properties: publish.properties)
            frames.append(.method(channel: publish.channel, .basicPublish(BasicPublish(routingKey: publish.key))))
            frames.append(.header(channel: publish.channel, header))
            frames.append(.body(channel: publish.channel, body))
        }
        try await client.send(frames: frames)
        for queue in ["q", "r"] {
            let expected = sequence.enumerated().filter { $0.element.key == queue }
            #expect(await hub.waitUntil(.published(to: queue, atLeast: expected.count)))
            let messages = hub.hub.look { $0.queue(queue, "/")?.ready.prefix(100).map(\.message) ?? [] }
            #expect(messages.map(\.body) == expected.map { Array("\($0.offset)".utf8) })
            #expect(messages.map(\.properties) == expected.map(\.element.properties))
        }
        await hub.shutdown()
    }
}
