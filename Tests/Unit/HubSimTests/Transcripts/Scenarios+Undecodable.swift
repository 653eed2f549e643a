import AMQP

extension Scenario {
    /// Octets that are no frame, no method, no table or no text.
    static let undecodable: [Scenario] =
        frameErrors + argumentErrors + tableErrors + textErrors + headerErrors + propertyErrors + beforeOpen

    // MARK: Frames

    private static let frameErrors: [Scenario] = [
        Scenario("unknown frame type", frame(9, [])),
        Scenario("unknown frame type with text", frame(9, Array("a \"b\"\n".utf8))),
        Scenario("unknown frame type with numbers", frame(255, Array("abc".utf8) + [0])),
        Scenario("unknown frame type on channel 0", frame(9, channel: 0, [])),
        Scenario("unknown frame type with much", frame(4, Array(repeating: 7, count: 17))),
        Scenario("wrong frame end", frame(1, [0, 20, 0, 10, 0], end: 207)),
        Scenario("wrong frame end on channel 0", frame(1, channel: 0, [0, 20, 0, 10, 0], end: 0)),
        Scenario("wrong frame end of an unknown type", frame(9, [], end: 205)),
        Scenario("wrong frame end after much", frame(3, Array(repeating: 120, count: 40), end: 0)),
        Scenario("wrong frame end after many numbers", frame(3, Array(repeating: 127, count: 40), end: 0)),
        Scenario("frame too large", octets([1, 0, 1, 0, 3, 0, 0])),
        Scenario("frame too large of an unknown type", octets([9, 0, 0, 255, 255, 255, 255])),
        Scenario("frame too large by one", octets([3, 0, 1, 0, 2, 0, 1])),
        Scenario("frame too large that is let pass", frame(3, Array(repeating: 120, count: 131_072))),
        Scenario("a second protocol header", octets(ProtocolHeader.amqp091.octets)),
        Scenario("HTTP", octets(Array("GET / HTTP/1.1\r\n\r\n".utf8))),
        Scenario("heartbeat on a channel", frame(8, [])),
        Scenario("heartbeat on a closed channel", frame(8, channel: 5, [])),
        Scenario("heartbeat within a content", publishOnly + frame(8, [])),
        Scenario("heartbeat that says something", frame(8, channel: 0, [120])),
        Scenario("heartbeat on a channel that says something", frame(8, [120])),
        Scenario("body on channel 0", frame(3, channel: 0, [120])),
        Scenario("content header on channel 0", frame(2, channel: 0, Array(repeating: 0, count: 14))),
        Scenario("content header cut short on channel 0", frame(2, channel: 0, [0, 0, 0])),
    ]

    // MARK: Methods

    private static let argumentErrors: [Scenario] = [
        Scenario("method of no octets", frame(1, [])),
        Scenario("method of three octets", frame(1, [0, 50, 0])),
        Scenario("method of three octets on channel 0", frame(1, channel: 0, [0, 10, 0])),
        Scenario("unknown method", method(50, 99, [])),
        Scenario("unknown class", method(200, 10, [])),
        Scenario("unknown method on channel 0", method(10, 99, [], channel: 0)),
        Scenario("no arguments", method(50, 10, [])),
        Scenario("arguments cut short", method(50, 10, [0, 0, 5, 97, 98])),
        Scenario("arguments cut short, printable", method(50, 10, Array("abc".utf8))),
        Scenario("arguments cut short, many", method(50, 10, [0, 0, 255] + Array(100..<200))),
        Scenario("arguments cut short, very many", method(50, 10, [0, 0] + Array(repeating: 5, count: 400))),
        Scenario("arguments cut short on a closed channel", method(50, 10, [0, 0, 5, 97, 98], channel: 9)),
        Scenario("arguments cut short on channel 0", method(10, 50, [0], channel: 0)),
        Scenario("octets after the arguments", method(60, 10, [0, 0, 0, 0, 0, 0, 0, 122, 122])),
        Scenario("octets after no arguments", method(90, 10, [0])),
        Scenario("octets after a table", queueDeclare(table: [], after: [122, 122])),
        Scenario("octets after basic.publish", method(60, 40, [0, 0, 0, 0, 0, 122, 122])),
        Scenario("octets after the arguments on channel 0", method(10, 50, [0, 0, 0, 0, 0, 0, 0, 122], channel: 0)),
    ]

    // MARK: Tables

    private static let tableErrors: [Scenario] = [
        Scenario("table longer than its frame", queueDeclare(tableSize: 99, table: [1, 97, 116, 1])),
        Scenario("table with a name longer than itself", queueDeclare(table: [9, 97])),
        Scenario("table with a string longer than itself", queueDeclare(table: [1, 97, 83, 0, 0, 0, 99, 120])),
        Scenario("table without the last value", queueDeclare(table: [1, 97])),
        Scenario("table with a number cut short", queueDeclare(table: [1, 97, 73, 0])),
        Scenario("table with a value of an unknown type", queueDeclare(table: [1, 97, 63])),
        Scenario("table with a table longer than itself", queueDeclare(table: [1, 97, 70, 0, 0, 0, 9, 1, 98, 116, 1])),
        Scenario("tables in tables, sixteen deep", queueDeclare(table: nested(15))),
        Scenario("tables in tables, seventeen deep", queueDeclare(table: nested(16))),
    ]

    // MARK: Texts

    private static let textErrors: [Scenario] = [
        Scenario("queue name that is not UTF-8", queueDeclare([97, 255], table: [])),
        Scenario("queue name in overlong UTF-8", queueDeclare([0xC0, 0x80], table: [])),
        Scenario(
            "exchange name that is not UTF-8",
            method(40, 10, [0, 0, 1, 255, 6] + Array("direct".utf8) + [0, 0, 0, 0, 0])
        ),
        Scenario(
            "binding key that is not UTF-8",
            declare(),
            method(50, 20, [0, 0, 3] + Array("t.q".utf8) + [9] + Array("amq.topic".utf8) + [1, 255, 0, 0, 0, 0, 0])
        ),
        Scenario(
            "consumer tag that is not UTF-8",
            declare(),
            method(60, 20, [0, 0, 3] + Array("t.q".utf8) + [1, 255, 0, 0, 0, 0, 0])
        ),
        Scenario("reason of channel.close that is not UTF-8", method(20, 40, [0, 200, 1, 255, 0, 0, 0, 0])),
        Scenario(
            "reason of connection.close that is not UTF-8",
            method(10, 50, [0, 200, 1, 255, 0, 0, 0, 0], channel: 0)
        ),
        Scenario(
            "routing key that is not UTF-8",
            method(60, 40, [0, 0, 0, 1, 255, 0]) + frame(2, contentHeader(1)) + frame(3, [49]),
            count()
        ),
        Scenario("name in a table that is not UTF-8", queueDeclare(table: [2, 255, 254, 116, 1])),
    ]

    // MARK: Contents

    private static let headerErrors: [Scenario] = [
        Scenario("content header cut short", publishOnly + frame(2, [0, 60, 0, 0, 0])),
        Scenario("content header cut short without a method", frame(2, [0, 60, 0, 0, 0])),
        Scenario("content header without flags", publishOnly + frame(2, Array(contentHeader(0).dropLast(2)))),
        Scenario("content header with half the flags", publishOnly + frame(2, Array(contentHeader(0).dropLast()))),
        Scenario("content weight 7", publishOnly + frame(2, contentHeader(0, weight: 7))),
        Scenario("content weight 7 without a method", frame(2, contentHeader(0, weight: 7))),
        Scenario(
            "content weight 7 instead of a body",
            publishOnly + frame(2, contentHeader(1)) + frame(2, contentHeader(0, weight: 7))
        ),
        Scenario("content header of class 50", publishOnly + frame(2, contentHeader(0, classID: 50))),
    ]

    private static let propertyErrors: [Scenario] = [
        properties("flag of no property", [0, 2]),
        properties("flag of more flags, and none", [0, 1]),
        properties("flag of more flags, and more", [0, 1, 0, 0]),
        properties("property cut short", [128, 0, 5, 97]),
        properties("property missing", [16, 0]),
        properties("octets after the properties", [0, 0, 122, 122]),
        properties("headers longer than their frame", [32, 0, 0, 0, 0, 99, 1, 97, 116, 1]),
        properties("headers with a value of an unknown type", [32, 0, 0, 0, 0, 3, 1, 97, 63]),
        properties("property that is not UTF-8", [128, 0, 1, 255]),
        Scenario(
            "property cut short, of a message with a body",
            declare(),
            publishTo("t.q") + frame(2, contentHeader(1, flags: [128, 0, 5, 97])),
            frame(3, [49])
        ),
    ]

    // MARK: Before the connection is open

    private static let beforeOpen: [Scenario] = [
        opening("before open: unknown frame type", frame(9, channel: 0, [])),
        opening("before open: unknown frame type on a channel", frame(9, [])),
        opening("before open: wrong frame end", frame(1, channel: 0, [0, 10, 0, 40], end: 0)),
        opening("before open: frame too large", octets([1, 0, 1, 0, 3, 0, 0])),
        opening("before open: heartbeat on a channel", frame(8, [])),
        opening("before open: heartbeat that says something", frame(8, channel: 0, [120])),
        opening("before open: arguments cut short on a channel", method(50, 10, [0, 0, 5, 97, 98])),
        opening("before open: text on a channel", frame(3, Array("abc".utf8))),
        opening("before open: arguments cut short", method(10, 40, [5, 97], channel: 0)),
        opening("before open: vhost that is not UTF-8", method(10, 40, [1, 255, 0, 0], channel: 0)),
        opening("before open: basic.publish", method(60, 40, [0, 0, 0, 0, 0], channel: 0)),
        opening("before open: start-ok again", startOk),
        Scenario("before login: unknown frame type", clients: silent, hello, frame(9, channel: 0, [])),
        Scenario("before login: frame too large", clients: silent, hello, octets([1, 0, 0, 255, 255, 255, 255])),
        Scenario("before login: start-ok cut short", clients: silent, hello, method(10, 11, [0], channel: 0)),
        Scenario("before login: unknown method", clients: silent, hello, method(10, 99, [], channel: 0)),
    ]

    // MARK: What they are made of

    private static let silent: [String: Client] = ["a": .silent]
    private static let hello = Step(frames: [], hasHeader: true)
    private static let startOk = Step(frames: [.method(channel: 0, .connectionStartOk(.plain()))])
    private static let tuneOk = Step(frames: [
        .method(
            channel: 0,
            .connectionTuneOk(ConnectionTuneOk(channelMax: 2047, frameMax: 131_072, heartbeat: 0))
        )
    ])

    /// What is said between `tune-ok` and `open`.
    private static func opening(_ name: String, _ step: Step) -> Scenario {
        Scenario(name, clients: silent, hello, startOk, tuneOk, step)
    }

    private static func octets(_ octets: [UInt8]) -> Step { Step(frames: [], octets: octets) }

    private static func frame(_ type: UInt8, channel: UInt8 = 1, _ payload: [UInt8], end: UInt8 = 206) -> Step {
        octets([type, 0, channel] + long(payload.count) + payload + [end])
    }

    private static func method(_ class: UInt8, _ method: UInt8, _ arguments: [UInt8], channel: UInt8 = 1) -> Step {
        frame(1, channel: channel, [0, `class`, 0, method] + arguments)
    }

    private static func queueDeclare(
        _ name: [UInt8] = Array("t.q".utf8),
        tableSize: Int? = nil,
        table: [UInt8],
        after: [UInt8] = []
    ) -> Step {
        method(50, 10, [0, 0, UInt8(name.count)] + name + [0] + long(tableSize ?? table.count) + table + after)
    }

    private static func long(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }

    /// The entries of a table, with so many tables in it, one within the other.
    private static func nested(_ depth: Int) -> [UInt8] {
        (0..<depth).reduce([]) { inner, _ in [1, 97, 70] + long(inner.count) + inner }
    }

    private static func publishTo(_ queue: String) -> Step {
        method(60, 40, [0, 0, 0, UInt8(queue.utf8.count)] + Array(queue.utf8) + [0])
    }
    private static let publishOnly = publishTo("t.none")

    private static func contentHeader(
        _ size: UInt8,
        classID: UInt8 = 60,
        weight: UInt8 = 0,
        flags: [UInt8] = [0, 0]
    ) -> [UInt8] {
        [0, classID, 0, weight, 0, 0, 0, 0, 0, 0, 0, size] + flags
    }

    /// A message with these property octets, and the next thing that its publisher asks.
    private static func properties(_ name: String, _ flags: [UInt8]) -> Scenario {
        Scenario(name, declare(), publishTo("t.q") + frame(2, contentHeader(0, flags: flags)), count())
    }
}
