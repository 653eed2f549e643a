import AMQP
import MessageHub

@testable import HubSim

/// What a hostile or broken client says on one connection, made from a seed: pieces as they come out of a socket.
struct FuzzedSession {
    private var random: SeededGenerator
    private(set) var bytes: [UInt8] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        if chance(95) { bytes += ProtocolHeader.amqp091.octets }
        if chance(97) { handshake() }
        if chance(97) { append(frame(1, 1, [0, 20, 0, 10, 0])) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: scenario()
        case 1: for _ in 0..<Int.random(in: 1...60, using: &random) { noise() }
        default: for _ in 0..<Int.random(in: 1...120, using: &random) { step() }
        }
        if chance(50) { for _ in 0..<Int.random(in: 1...4, using: &random) { damage() } }
    }

    /// The bytes, as a socket may give them.
    mutating func pieces() -> [[UInt8]] {
        let most = [1, 7, 50, 4096, 65_536].randomElement(using: &random) ?? 1
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(most == 1 ? 1 : Int.random(in: 1...most, using: &random))
            rest = rest.dropFirst(piece.count)
            pieces.append(Array(piece))
        }
        return pieces
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    // MARK: Sessions

    private mutating func handshake() {
        say(.method(channel: 0, .connectionStartOk(.plain(properties: chance(10) ? table(1) : [:]))))
        let tune =
            chance(90)
            ? ConnectionTuneOk(
                channelMax: [2047, 1, 5].randomElement(using: &random) ?? 0,
                frameMax: [131_072, 4096].randomElement(using: &random) ?? 0,
                heartbeat: [0, 1, 65_535].randomElement(using: &random) ?? 0
            )
            : ConnectionTuneOk(
                channelMax: UInt16(truncatingIfNeeded: random.next()),
                frameMax: UInt32(truncatingIfNeeded: random.next()) >> UInt32.random(in: 0...31, using: &random),
                heartbeat: UInt16(truncatingIfNeeded: random.next())
            )
        say(.method(channel: 0, .connectionTuneOk(tune)))
        say(.method(channel: 0, .connectionOpen(ConnectionOpen(virtualHost: chance(99) ? "/" : "nowhere"))))
    }

    /// A session as those that are played to RabbitMQ, several of them mixed.
    private mutating func scenario() {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let scenario = Scenario.all.randomElement(using: &random) else { return }
            for frame in scenario.steps.flatMap(\.frames) { say(frame) }
        }
    }

    /// Something that makes sense, or nearly.
    private mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: publish()
        case 30..<90: method()
        case 90..<94: append(frame(1, channel(), [0, 20, 0, 10, 0]))
        case 94..<96: append(frame(1, channel(), [0, 20, 0, 41]))
        case 96..<98: say(.heartbeat)
        default: noise()
        }
    }

    private mutating func publish() {
        let number = channel()
        let body = [UInt8](repeating: 7, count: [0, 1, 100, 5000].randomElement(using: &random) ?? 0)
        var properties = BasicProperties()
        if chance(60) { properties.headers = headers() }
        if chance(30) {
            properties.expiration = ["0", "1", "5000", "-1", "x", "9999999999999999999999"].randomElement(
                using: &random
            )
        }
        if chance(20) { properties.replyTo = [DirectReply.queueName, name()].randomElement(using: &random) }
        if chance(20) { properties.priority = UInt8(truncatingIfNeeded: random.next()) }
        if chance(5) { properties.userID = name() }
        let publish = BasicPublish(
            exchange: chance(50) ? "" : exchange(),
            routingKey: key(),
            mandatory: chance(40),
            immediate: chance(2)
        )
        say(.method(channel: UInt16(number), .basicPublish(publish)))
        let size = chance(97) ? UInt64(body.count) : random.next() >> UInt64.random(in: 0...63, using: &random)
        say(.header(channel: UInt16(number), ContentHeader(bodySize: size, properties: properties)))
        if !body.isEmpty { say(.body(channel: UInt16(number), body)) }
    }

    /// A method by the specification's table, its fields filled with what is likely to mean something.
    private mutating func method() {
        let likely = MethodDescriptor.all.filter {
            $0.id.classID >= 50 && $0.senders.contains(.client) && !$0.carriesContent
        }
        let all = MethodDescriptor.all
        guard let descriptor = (chance(92) ? likely : all).randomElement(using: &random) else { return }
        var payload = bigEndian(descriptor.id.classID) + bigEndian(descriptor.id.methodID)
        var bit = 8
        for field in descriptor.fields {
            if field.type != .bit { bit = 8 }
            switch field.type {
            case .bit:
                if bit == 8 {
                    payload.append(0)
                    bit = 0
                }
                if chance(30) { payload[payload.count - 1] |= 1 << bit }
                bit += 1
            case .octet: payload.append(UInt8(truncatingIfNeeded: number()))
            case .short: payload += bigEndian(UInt16(truncatingIfNeeded: number()))
            case .long: payload += bigEndian(chance(70) ? UInt32(0) : UInt32(truncatingIfNeeded: number()))
            case .longLong: payload += bigEndian(UInt64(bitPattern: number()))
            case .shortString:
                let text =
                    field.name == "type"
                    ? kind()
                    : field.name == "exchange" || field.name == "source" || field.name == "destination"
                        ? exchange() : field.name == "routing-key" ? key() : name()
                payload += [UInt8(text.utf8.count)] + text.utf8
            case .longString:
                let text = name()
                payload += bigEndian(UInt32(text.utf8.count)) + text.utf8
            case .table:
                let entries = (try? arguments().encodedEntries()) ?? []
                payload += bigEndian(UInt32(entries.count)) + entries
            }
        }
        append(frame(1, channel(), payload))
    }

    // MARK: Fields

    private mutating func name() -> String {
        if chance(2) { return String(repeating: "n", count: 255) }
        return ["a", "b", "c", "d", "", DirectReply.queueName, "amq.gen-x", "t.q"].randomElement(using: &random) ?? ""
    }

    private mutating func exchange() -> String {
        ["x", "y", "z", "amq.topic", "amq.headers", "amq.fanout", "", "amq.direct"].randomElement(using: &random) ?? ""
    }

    private mutating func key() -> String {
        if chance(2) { return String(repeating: ".", count: 255) }
        return ["a", "b", "c", "d", "", "#", "*", "a.#", "#.b.#", "*.*", "a.b", "#.#.#"].randomElement(using: &random)
            ?? ""
    }

    private mutating func kind() -> String {
        chance(95) ? ExchangeKind.allCases.randomElement(using: &random)?.rawValue ?? "" : name()
    }

    private mutating func number() -> Int64 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: Int64.random(in: 0...3, using: &random)
        case 1:
            [Int64.max, .min, -1, 0, 255, 256, 65_535, 315_360_000_000, 315_360_000_001].randomElement(using: &random)
                ?? 0
        case 2: Int64.random(in: 1...20, using: &random)
        default: Int64(truncatingIfNeeded: random.next())
        }
    }

    private static let argumentNames = [
        "x-expires", "x-message-ttl", "x-max-length", "x-max-length-bytes", "x-max-priority", "x-consumer-timeout",
        "x-priority", "x-queue-version",
    ]

    private mutating func arguments() -> FieldTable {
        var arguments = FieldTable()
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2:
                let name = Self.argumentNames.randomElement(using: &random) ?? ""
                arguments[name] = .int64(chance(70) ? Int64.random(in: 0...10, using: &random) : number())
            case 3: arguments["x-dead-letter-exchange"] = .string(exchange())
            case 4: arguments["x-dead-letter-routing-key"] = .string(name())
            case 5:
                arguments["x-overflow"] = .string(
                    ["drop-head", "reject-publish", "reject-publish-dlx", "?"].randomElement(using: &random) ?? ""
                )
            case 6:
                arguments["x-match"] = .string(["all", "any", "any-with-x", "?"].randomElement(using: &random) ?? "")
            default: arguments["alternate-exchange"] = .string(exchange())
            }
        }
        if chance(10) { arguments["x-single-active-consumer"] = true }
        if chance(10) { arguments.entries += table(1).entries }
        return arguments
    }

    private mutating func headers() -> FieldTable {
        var headers = table(1)
        if chance(20) { headers["CC"] = chance(80) ? .array((0..<3).map { _ in .string(key()) }) : value(2) }
        if chance(20) { headers["BCC"] = .array([.string(key())]) }
        if chance(10) { headers["CC"] = .array(Array(repeating: .string("a"), count: 1000)) }
        if chance(20) {
            let death: FieldTable = ["queue": .string(name()), "reason": "expired", "count": .int64(number())]
            headers["x-death"] = chance(80) ? .array([.table(death), value(3)]) : value(2)
        }
        return headers
    }

    private mutating func table(_ depth: Int) -> FieldTable {
        var table = FieldTable()
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            table.entries.append(FieldTable.Entry(key: name(), value: value(depth + 1)))
        }
        return table
    }

    private mutating func value(_ depth: Int) -> FieldValue {
        switch Int.random(in: 0..<(depth < 20 ? 14 : 12), using: &random) {
        case 0: .bool(chance(50))
        case 1: .int8(Int8(truncatingIfNeeded: number()))
        case 2: .uint16(UInt16(truncatingIfNeeded: number()))
        case 3: .int32(Int32(truncatingIfNeeded: number()))
        case 4: .int64(number())
        case 5: .double(Double(bitPattern: random.next()))
        case 6:
            .decimal(
                DecimalValue(scale: UInt8(truncatingIfNeeded: number()), value: UInt32(truncatingIfNeeded: number()))
            )
        case 7: .string(name())
        case 8: .octets([0xFF, 0xFE])
        case 9: .timestamp(random.next())
        case 10: .void
        case 11: .bytes([0, 1, 2])
        case 12: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
        default: .table(table(depth + 1))
        }
    }

    private mutating func channel() -> UInt8 {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<85: 1
        case 85..<98: UInt8.random(in: 2...5, using: &random)
        case 98: 0
        default: 255
        }
    }

    // MARK: Bytes

    /// A frame of noise.
    private mutating func noise() {
        let id = MethodDescriptor.all.randomElement(using: &random)?.id ?? .none
        let top: UInt8 = chance(50) ? 0xFF : 8
        let payload = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...top, using: &random)
        }
        let type: UInt8 = [1, 1, 1, 1, 2, 3, 8].randomElement(using: &random) ?? 1
        append(frame(type, channel(), (type == 1 ? bigEndian(id.classID) + bigEndian(id.methodID) : []) + payload))
    }

    private mutating func damage() {
        guard bytes.count > 8 else { return }
        // Mostly behind the handshake, where there is more to break.
        let index = Int.random(in: (chance(80) ? min(bytes.count - 1, 400) : 0)..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 4: bytes.removeSubrange(index..<min(bytes.count, index + 8))
        default: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF, 0xCE].randomElement(using: &random) ?? 0
        }
    }

    private mutating func append(_ more: [UInt8]) { bytes += more }

    /// A frame that has a form on the wire; one that has none is left out.
    private mutating func say(_ frame: Frame) {
        var writer = FrameWriter(frameMax: 131_072)
        guard (try? writer.frame(frame)) != nil else { return }
        append(writer.bytes)
    }

    private func frame(_ type: UInt8, _ channel: UInt8, _ payload: [UInt8]) -> [UInt8] {
        HostileBytesTests.frame(type, channel, payload)
    }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
