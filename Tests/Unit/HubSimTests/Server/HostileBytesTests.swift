import AMQP
import MessageHub
import Testing

@testable import HubSim

/// Whatever a client sends ends its own connection with the right code, and nothing else.
@Suite("Hostile bytes", .timeLimit(.minutes(5)))
struct HostileBytesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let code: UInt16
        var testDescription: String { name }
    }

    static func frame(_ type: UInt8, _ channel: UInt8, _ payload: [UInt8], end: UInt8 = 206) -> [UInt8] {
        let size = withUnsafeBytes(of: UInt32(payload.count).bigEndian) { Array($0) }
        return [type, 0, channel] + size + payload + [end]
    }

    static let publish: [UInt8] = frame(1, 1, [0, 60, 0, 40, 0, 0, 0, 1, UInt8(ascii: "q"), 0])
    static func header(_ size: UInt8, flags: [UInt8] = [0, 0], class: UInt8 = 60) -> [UInt8] {
        frame(2, 1, [0, `class`, 0, 0, 0, 0, 0, 0, 0, 0, 0, size] + flags)
    }

    /// A table with tables in it, so many in all.
    static func nested(_ depth: UInt8) -> [UInt8] {
        (1..<depth).reduce([0, 0, 0, 0]) { inner, _ in [0, 0, 0, UInt8(inner.count + 3), 1, 97, 70] + inner }
    }

    static let cases = [
        Case(name: "unknown frame type", bytes: frame(9, 1, []), code: 501),
        Case(name: "wrong frame end", bytes: frame(1, 1, [0, 20, 0, 10, 0], end: 207), code: 501),
        Case(name: "frame over frame-max", bytes: [1, 0, 1, 0, 3, 0, 0], code: 501),
        Case(name: "unknown method", bytes: frame(1, 1, [0, 50, 0, 99]), code: 503),
        Case(name: "unknown class", bytes: frame(1, 1, [0, 200, 0, 10]), code: 503),
        Case(name: "method cut short", bytes: frame(1, 1, [0]), code: 501),
        Case(name: "arguments cut short", bytes: frame(1, 1, [0, 50, 0, 10, 0, 0, 5, 97, 98]), code: 501),
        Case(
            name: "bad table type",
            bytes: frame(1, 1, [0, 50, 0, 10, 0, 0, 1, 113, 0, 0, 0, 0, 3, 1, 97, 63]),
            code: 501
        ),
        Case(name: "heartbeat on a channel", bytes: frame(8, 1, []), code: 505),
        Case(name: "header without method", bytes: header(0), code: 505),
        Case(name: "body without method", bytes: frame(3, 1, [1]), code: 505),
        Case(name: "header on channel 0", bytes: frame(2, 0, Array(repeating: 0, count: 14)), code: 505),
        Case(name: "method instead of header", bytes: publish + publish, code: 505),
        Case(name: "body instead of header", bytes: publish + frame(3, 1, [1]), code: 505),
        Case(name: "method instead of body", bytes: publish + header(1) + publish, code: 505),
        Case(name: "header instead of body", bytes: publish + header(1) + header(1), code: 505),
        Case(name: "body too long", bytes: publish + header(1) + frame(3, 1, [1, 2]), code: 501),
        Case(name: "header of another class", bytes: publish + header(0, class: 50), code: 505),
        Case(name: "property cut short", bytes: publish + header(0, flags: [128, 0, 5, 97]), code: 541),
        Case(name: "property that is not UTF-8", bytes: publish + header(0, flags: [128, 0, 1, 255]), code: 501),
        Case(name: "headers too deep", bytes: publish + header(0, flags: [32, 0] + nested(17)), code: 506),
        Case(name: "a second protocol header", bytes: ProtocolHeader.amqp091.octets, code: 501),
        Case(name: "method on channel 0", bytes: frame(1, 0, [0, 50, 0, 30, 0, 0, 0, 0]), code: 504),
        Case(
            name: "method on a closed channel",
            bytes: frame(1, 9, [0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0, 1, 0]),
            code: 504
        ),
        Case(
            name: "promise of an endless body",
            bytes: publish + frame(2, 1, [0, 60, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]),
            code: 506
        ),
    ]

    @Test(arguments: cases)
    func endTheConnection(_ test: Case) async throws {
        let hub = try await HubSim.start(.forTests)
        let bystander = try await RawClient.withChannel(port: hub.port)
        let client = try await RawClient.withChannel(port: hub.port)
        try await client.send(bytes: test.bytes)
        guard case .frame(.method(0, .connectionClose(let close))) = try await client.next() else {
            Issue.record("no connection.close")
            return
        }
        #expect(close.replyCode == test.code, "\(close.replyText)")
        try await client.send(.connectionCloseOk)
        await client.close()
        #expect(await hub.waitUntil(.connections(1)))
        #expect(try await bystander.ask(.basicQos(BasicQos())) == "1 method basic.qos-ok")
        await hub.shutdown()
    }

    @Test(arguments: 0..<8)
    func anySplitOfTheBytesIsTheSame(_ seed: UInt64) async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        var random = SeededGenerator(seed: seed)
        var writer = FrameWriter(frameMax: 131_072)
        try writer.method(.queueDeclare(QueueDeclare(queue: "q")), channel: 1)
        try writer.method(.basicPublish(BasicPublish(routingKey: "q")), channel: 1)
        try writer.header(channel: 1, bodySize: 300, properties: BasicProperties(correlationID: "c"))
        for _ in 0..<3 { writer.body(channel: 1, Array(repeating: 7, count: 100)) }
        try writer.method(.basicGet(BasicGet(queue: "q", noAck: true)), channel: 1)
        var bytes = writer.bytes[...]
        while !bytes.isEmpty {
            let piece = bytes.prefix(Int.random(in: 1...40, using: &random))
            bytes = bytes.dropFirst(piece.count)
            try await client.send(bytes: Array(piece))
        }
        #expect("\(try await client.next())".hasPrefix("1 method queue.declare-ok"))
        #expect("\(try await client.next())".hasPrefix("1 method basic.get-ok"))
        #expect("\(try await client.next())" == #"1 header basic body-size=300 correlation-id="c""#)
        #expect("\(try await client.next())" == "1 body <300 octets>")
        await hub.shutdown()
    }

    @Test(arguments: 0..<20)
    func noiseDoesNoHarm(_ seed: UInt64) async throws {
        let hub = try await HubSim.start(.forTests)
        let bystander = try await RawClient.withChannel(port: hub.port)
        var random = SeededGenerator(seed: seed)
        let client = try await RawClient.withChannel(port: hub.port)
        // Well-formed frames around noise, so that more than the first octet is tried.
        for _ in 0..<50 {
            let payload = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let id: [UInt8] = [
                0, [10, 20, 30, 40, 50, 60, 85, 90].randomElement(using: &random)!, 0,
                UInt8.random(in: 0...120, using: &random),
            ]
            let type: UInt8 = [1, 1, 1, 2, 3].randomElement(using: &random)!
            // The hub may have hung up by now.
            try? await client.send(
                bytes: Self.frame(type, UInt8.random(in: 0...2, using: &random), (type == 1 ? id : []) + payload)
            )
        }
        await client.close()
        #expect(await hub.waitUntil(.connections(1)))
        #expect(try await bystander.ask(.basicQos(BasicQos())) == "1 method basic.qos-ok")
        await hub.shutdown()
    }
}
