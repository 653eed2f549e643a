import AMQP
import Testing

/// Writing frames.
@Suite struct FrameWriterTests {
    @Test(arguments: [0, 1, 4087, 4088, 4089, 8176, 8177, 20_000])
    func bodiesAreSplitAtFrameMax(_ size: Int) {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var writer = FrameWriter(frameMax: 4096)
        writer.body(channel: 3, body)
        let decoding = Decoding(writer.bytes, frameMax: 4096)
        #expect(decoding.error == nil)
        var joined: [UInt8] = []
        for (index, frame) in decoding.frames.enumerated() {
            guard case .body(channel: 3, let piece) = frame else {
                Issue.record("\(frame)")
                return
            }
            #expect(piece.count == (index == decoding.frames.count - 1 ? size - 4088 * index : 4088))
            joined += piece
        }
        #expect(joined == body)
        #expect(decoding.frames.count == (size + 4087) / 4088)
    }

    @Test func withoutFrameMaxBodiesAreSplitAt128KiB() {
        var writer = FrameWriter(frameMax: 0)
        writer.body(channel: 1, [UInt8](repeating: 1, count: 200_000))
        let sizes = Decoding(writer.bytes).frames.map { if case .body(_, let piece) = $0 { piece.count } else { 0 } }
        #expect(sizes == [131_064, 68_936])
    }

    @Test func aMethodOrHeaderOverFrameMaxIsNotWritten() throws {
        let table = FieldTable(
            entries: (0..<100).map { .init(key: "key \($0)", value: .string("some value or other \($0)")) }
        )
        var writer = FrameWriter(frameMax: 1000)
        writer.heartbeat()
        let declare = Method.queueDeclare(QueueDeclare(arguments: table))
        #expect(code { () throws(ProtocolError) in try writer.method(declare, channel: 1) } == .internalError)
        let properties = BasicProperties(headers: table)
        #expect(
            code { () throws(ProtocolError) in
                try writer.header(channel: 1, bodySize: 0, properties: properties)
            } == .internalError
        )
        let octets = try properties.encoded()
        #expect(
            code { () throws(ProtocolError) in
                try writer.header(channel: 1, bodySize: 0, propertyOctets: octets)
            } == .internalError
        )
        #expect(writer.bytes == FrameDecoderTests.heartbeat)
        writer.frameMax = 0
        try writer.method(declare, channel: 1)
        #expect(Decoding(writer.bytes).frames == [.heartbeat, .method(channel: 1, declare)])
    }

    @Test func aMethodOfExactlyFrameMaxIsWritten() throws {
        let method = Method.queuePurge(QueuePurge(queue: "abc"))
        let size = try encoded(.method(channel: 1, method)).count
        #expect(try encoded(.method(channel: 1, method), frameMax: UInt32(size)).count == size)
        #expect(throws: ProtocolError.self) { try encoded(.method(channel: 1, method), frameMax: UInt32(size - 1)) }
    }

    @Test(
        arguments: [
            (.basicPublish(BasicPublish(routingKey: long)), "basic.publish: routing-key"),
            (.queueDeclare(QueueDeclare(queue: long)), "queue.declare: queue"),
            (.queueDeclare(QueueDeclare(arguments: [long: true])), "queue.declare: arguments"),
            (
                .queueDeclare(QueueDeclare(arguments: ["a": [["b": [.table([long: true])]]]])),
                "queue.declare: arguments"
            ),
        ] as [(Method, String)]
    )
    func aShortStringTooLongIsNotWritten(_ method: Method, _ place: String) throws {
        var writer = FrameWriter()
        writer.heartbeat()
        let error = ProtocolError(
            .internalError,
            "\(place) has 256 octets, a short string at most 255",
            method: method.id
        )
        #expect(thrown { () throws(ProtocolError) in try writer.method(method, channel: 1) } == error)
        #expect(writer.bytes == FrameDecoderTests.heartbeat)
    }

    static let long = String(repeating: "é", count: 128)

    @Test func memoryIsUsedAgain() throws {
        var writer = FrameWriter()
        #expect(writer.isEmpty == true)
        #expect(writer.bytes == [])
        let ack = Method.basicAck(BasicAck(deliveryTag: 5, multiple: true))
        var expected: [UInt8]?
        for _ in 0..<3 {
            for _ in 0..<1000 { try writer.method(ack, channel: 2) }
            #expect(writer.count == 21 * 1000)
            #expect(writer.isEmpty == false)
            expected = expected ?? writer.bytes
            #expect(writer.bytes == expected)
            #expect(writer.withUnsafeBytes { $0.count } == writer.count)
            writer.removeAll()
            #expect(writer.isEmpty == true)
        }
        #expect(Decoding(expected ?? []).frames == Array(repeating: .method(channel: 2, ack), count: 1000))
    }

    @Test func aContentAsABrokerSendsIt() throws {
        var writer = FrameWriter(frameMax: 4096)
        let deliver = BasicDeliver(consumerTag: "c", deliveryTag: 1, exchange: "", routingKey: "q")
        let properties = BasicProperties(contentType: "text/plain", headers: ["n": .int32(1)], deliveryMode: 2)
        try writer.method(.basicDeliver(deliver), channel: 1)
        try writer.header(channel: 1, bodySize: 5, properties: properties)
        writer.body(channel: 1, Array("hello".utf8))
        let octets = writer.bytes
        let frames: [Frame] = [
            .method(channel: 1, .basicDeliver(deliver)),
            .header(channel: 1, ContentHeader(bodySize: 5, properties: properties)),
            .body(channel: 1, Array("hello".utf8)),
        ]
        let whole = Decoding(octets)
        #expect(whole.frames == frames)
        for split in 1..<octets.count { #expect(Decoding(octets, splits: [split]) == whole) }
        for first in stride(from: 1, to: octets.count - 1, by: 3) {
            for second in first..<octets.count where Decoding(octets, splits: [first, second]) != whole {
                Issue.record("splits at \(first) and \(second)")
            }
        }
    }

    private func thrown(_ body: () throws(ProtocolError) -> Void) -> ProtocolError? {
        do throws(ProtocolError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private func code(_ body: () throws(ProtocolError) -> Void) -> ReplyCode? { thrown(body)?.code }

    /// One large message must not cost its connection that much memory for ever.
    @Test func memoryIsKeptUpToAnEnd() {
        var writer = FrameWriter(frameMax: 131_072)
        writer.body(channel: 1, Array(repeating: 1, count: 100_000))
        let ofOne = writer.capacity
        writer.removeAll()
        let kept = writer.capacity
        #expect(kept == ofOne)
        writer.body(channel: 1, Array(repeating: 1, count: 1_000_000))
        writer.removeAll()
        let (left, isEmpty) = (writer.capacity, writer.isEmpty)
        #expect(left <= 262_144 && isEmpty)
        writer.heartbeat()
        #expect(writer.bytes == [8, 0, 0, 0, 0, 0, 0, 206])
    }
}
