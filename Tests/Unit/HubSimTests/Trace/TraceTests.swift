import AMQP
import Dispatch
import MessageHub
import Synchronization
import Testing

@testable import HubSim

/// What a trace has told.
final class TraceLog: Sendable {
    private let frames = Mutex<[TracedFrame]>([])

    func add(_ frame: TracedFrame) { frames.withLock { $0.append(frame) } }
    var all: [TracedFrame] { frames.withLock { $0 } }
    /// The lines without their times.
    var lines: [String] { all.map { String("\($0)".split(separator: " ", maxSplits: 1)[1]) } }
}

extension HubConfiguration {
    /// A user whose password can be looked for.
    static func traced(_ log: TraceLog) -> HubConfiguration {
        var configuration = HubConfiguration.forTests
        configuration.users = [HubUser(name: "ann", password: "s3cret-pass")]
        configuration.trace = { log.add($0) }
        return configuration
    }
}

@Suite("Trace", .timeLimit(.minutes(5)))
struct TraceTests {
    @Test func everyFrameIsALineAndNoSecretIsInIt() async throws {
        let log = TraceLog()
        let hub = try await HubSim.start(.traced(log))
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        let startOk = ConnectionStartOk(
            clientProperties: ["connection_name": "my 'own'"],
            mechanism: "PLAIN",
            response: Array("\0ann\0s3cret-pass".utf8),
            locale: "en_US"
        )
        try await client.send(.connectionStartOk(startOk))
        _ = try await client.next()
        try await client.send(.connectionTuneOk(ConnectionTuneOk(channelMax: 10, frameMax: 4096, heartbeat: 0)))
        try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "/")))
        _ = try await client.next()
        let secret = ConnectionUpdateSecret(newSecret: Array("s3cret-pass".utf8), reason: "it is time")
        try await client.send(.connectionUpdateSecret(secret))
        _ = try await client.next()
        try await client.send(.channelOpen, channel: 1)
        _ = try await client.next()
        try await client.send(.queueDeclare(QueueDeclare(queue: "q")), channel: 1)
        _ = try await client.next()
        try await client.publish("hello\n\u{1b}[31m", "q", BasicProperties(contentType: "text/plain", messageID: "m1"))
        try await client.send(.basicGet(BasicGet(queue: "q", noAck: true)), channel: 1)
        for _ in 0..<3 { _ = try await client.next() }
        try await client.send(.heartbeat)
        try await client.send(.connectionClose(ConnectionClose(replyCode: 200, replyText: "bye")))
        _ = try await client.next()
        #expect(try await client.hearsTheEnd())
        await client.close()
        await hub.shutdown()
        let lines = log.lines
        let expected = [
            "→ opened", "→ protocol header AMQP 0-0-9-1", "← 0 method connection.start",
            "→ 0 method connection.start-ok", "← 0 method connection.tune ", "→ 0 method connection.tune-ok",
            "→ 0 method connection.open", "← 0 method connection.open-ok",
            "→ 0 method connection.update-secret new-secret=<hidden> reason=\"it is time\"",
            "← 0 method connection.update-secret-ok", "→ 1 method channel.open", "← 1 method channel.open-ok",
            "→ 1 method queue.declare", "← 1 method queue.declare-ok", "→ 1 method basic.publish",
            "→ 1 header basic body-size=11 content-type=\"text/plain\" message-id=\"m1\"",
            "→ 1 body <11 octets> \"hello\\u{a}\\u{1b}[31m\"", "→ 1 method basic.get", "← 1 method basic.get-ok",
            "← 1 header basic", "← 1 body <11 octets>", "→ 0 heartbeat", "→ 0 method connection.close",
            "← 0 method connection.close-ok", "← closed by the hub",
        ]
        #expect(lines.count == expected.count, "\(lines.joined(separator: "\n"))")
        for (line, part) in zip(lines, expected) { #expect(line.contains(part), "\(line)") }
        #expect(lines[3].contains("response=<hidden>"))
        #expect(lines[4].hasPrefix("#1 'my \\'own\\'' ←"), "\(lines[4])")
        for frame in log.all {
            #expect(!"\(frame)".contains("s3cret"), "\(frame)")
            #expect(!String(reflecting: frame.content).contains("115, 51, 99, 114, 101, 116"), "in octets")
        }
    }

    @Test(arguments: ["PLAIN", "AMQPLAIN", "NONSENSE"])
    func whatIsWrongAtLoginShowsNoSecretEither(_ mechanism: String) async throws {
        let log = TraceLog()
        let hub = try await HubSim.start(.traced(log))
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        let startOk = ConnectionStartOk(
            clientProperties: [:],
            mechanism: mechanism,
            response: Array("\0ann\0s3cret-wrong".utf8),
            locale: "en_US"
        )
        var writer = FrameWriter(frameMax: 0)
        try writer.method(.connectionStartOk(startOk), channel: 0)
        // Without its end: it is no frame, and the next octet makes it a wrong one.
        try await client.send(bytes: writer.bytes.dropLast() + Array("s3cret".utf8))
        while try await client.next() != .end {}
        await client.close()
        await hub.shutdown()
        #expect(log.lines.contains { $0.contains("unreadable") }, "\(log.lines)")
        for line in log.lines { #expect(!line.contains("s3cret"), "\(line)") }
    }

    @Test func inProcessConnectionsAreToldAsTheFramesThatTheyWouldBe() async throws {
        let log = TraceLog()
        let hub = HubSim.withoutSocket(.traced(log))
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        try await connection.publish(
            HubMessage(body: Array("ping".utf8), messageID: "m"),
            to: .queue("q"),
            mandatory: true
        )
        let deliveries = try await connection.consume(queue: "q", prefetch: 1)
        let delivery = try #require(await deliveries.first { _ in true })
        try await connection.acknowledge(delivery)
        await connection.close()
        await hub.shutdown()
        let expected = [
            "→ opened in-process", "→ 1 method channel.open", "→ 1 method confirm.select", "← 1 method channel.open-ok",
            "→ 1 method queue.declare queue=\"q\"", "← 1 method queue.declare-ok", "→ 1 method basic.publish",
            "→ 1 header basic body-size=4 message-id=\"m\"", "→ 1 body <4 octets> \"ping\"", "← 1 method basic.ack",
            "→ 1 method basic.qos", "→ 1 method basic.consume", "← 1 method basic.qos-ok",
            "← 1 method basic.consume-ok",
            "← 1 method basic.deliver", "← 1 header basic", "← 1 body <4 octets> \"ping\"", "→ 1 method basic.ack",
            "→ closed by the client",
        ]
        let lines = log.lines
        #expect(lines.count == expected.count, "\(lines.joined(separator: "\n"))")
        for (line, part) in zip(lines, expected) { #expect(line.contains(part), "\(line)") }
    }

    @Test func aSinkThatHangsMissesFramesAndHoldsUpNobody() async throws {
        let log = TraceLog()
        let gate = DispatchSemaphore(value: 0)
        let isFirst = Mutex(true)
        var configuration = HubConfiguration.traced(log)
        configuration.limits.traceEventsMax = 20
        // The sink hangs at once, until the hub has done everything.
        configuration.trace = { frame in
            let hangs = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            if hangs { gate.wait() }
            log.add(frame)
        }
        let hub = HubSim.withoutSocket(configuration)
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        for _ in 0..<100 {
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
        }
        #expect(log.all.isEmpty)
        gate.signal()
        await connection.close()
        await hub.shutdown()
        let dropped = log.all.compactMap { frame -> UInt64? in
            if case .dropped(let count) = frame.content { count } else { nil }
        }
        #expect(dropped.count >= 1)
        // Every event is either told or counted: 6 for the opening and the queue, 4 for each message, 1 for the end.
        #expect(log.all.count - dropped.count + dropped.reduce(0) { $0 + Int($1) } == 6 + 400 + 1)
        #expect(log.lines.contains { $0.contains("frames were not kept: the trace is slow") })
    }
}

@Suite("Excerpts and pieces")
struct ExcerptTests {
    @Test(
        arguments: [
            (Array("plain".utf8), 5, "\"plain\""),
            (Array("cut".utf8), 9, "\"cut\"…"),
            (Array("a\"b\\c\r\n".utf8), 7, "\"a\\\"b\\\\c\\u{d}\\u{a}\""),
            // A character that is cut in two.
            (Array("ab".utf8) + [0xE2, 0x82], 90, "\"ab\"…"),
            ([0xFF, 0x00, 0x0A], 3, "ff000a"),
            ([0xFF] + Array(repeating: 7, count: 63), 64, "ff" + String(repeating: "07", count: 23) + "…"),
            // A text that would turn the direction of the line.
            (Array("a\u{202E}b".utf8), 5, "\"a\\u{202e}b\""),
        ] as [([UInt8], Int, String)]
    )
    func areSafe(_ octets: [UInt8], _ size: Int, _ text: String) {
        #expect(Excerpt.text(octets, of: size) == text)
    }

    @Test func piecesAreTheSameHoweverTheBytesAreSplit() throws {
        var writer = FrameWriter(frameMax: 0)
        try writer.method(.channelOpen, channel: 1)
        writer.body(channel: 1, Array(repeating: 0xCE, count: 20))
        let bytes = ProtocolHeader.amqp091.octets + writer.bytes + [1, 0, 1, 0, 0, 0, 1, 9, 9, 9]
        func pieces(_ chunks: [[UInt8]]) -> [String] {
            var cutter = WireCutter(frameBytesMax: 4096)
            var pieces: [String] = []
            for chunk in chunks { chunk.withUnsafeBytes { cutter.take($0) { pieces.append("\($0)") } } }
            cutter.end { pieces.append("\($0)") }
            return pieces
        }
        let whole = pieces([bytes])
        #expect(whole.count == 4)
        for split in 1..<bytes.count - 2 {
            #expect(pieces([Array(bytes[..<split]), Array(bytes[split...])]) == whole, "at \(split)")
        }
    }
}
