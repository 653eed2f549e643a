import AMQP
import Files
import Foundation
import Testing

@testable import HubSim

@Suite("Capture", .timeLimit(.minutes(5)))
struct CaptureTests {
    /// The bytes of a capture of what happens in the body.
    private func capture(
        bytesMax: Int = 1 << 20,
        _ body: (HubSim) async throws -> Void
    ) async throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pcap").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = HubConfiguration.forTests
        configuration.users = [
            HubUser(name: "guest", password: "guest"), HubUser(name: "ann", password: "s3cret-pass"),
        ]
        configuration.capture = PacketCapture(path: path, bytesMax: bytesMax)
        let hub = try await HubSim.start(configuration)
        try await body(hub)
        await hub.shutdown()
        return Array(try #require(FileManager.default.contents(atPath: path)))
    }

    @Test func everyByteIsThereInOrderWithRightSums() async throws {
        let body = String(repeating: "0123456789", count: 20_000)
        let bytes = try await capture { hub in
            let client = try await RawClient.withChannel(port: hub.port)
            try await client.send(.queueDeclare(QueueDeclare(queue: "q")), channel: 1)
            _ = try await client.next()
            try await client.publish(body, "q")
            try await client.send(.basicGet(BasicGet(queue: "q", noAck: true)), channel: 1)
            for _ in 0..<4 { _ = try await client.next() }
            try await client.send(.connectionClose(ConnectionClose(replyCode: 200, replyText: "bye")))
            while try await client.next() != .end {}
            await client.close()
        }
        let file = try PacketFile(bytes)
        let port = try #require(file.packets.first).sourcePort
        #expect(file.packets.allSatisfy { $0.source == [127, 0, 0, 1] && $0.destination == [127, 0, 0, 1] })
        #expect(
            zip(file.packets, file.packets.dropFirst()).allSatisfy {
                ($0.seconds, $0.microseconds) <= ($1.seconds, $1.microseconds)
            }
        )
        let (fromClient, toClient) = try file.streams(clientPort: port)
        #expect(Array(fromClient.prefix(8)) == ProtocolHeader.amqp091.octets)
        let asked = try methods(Array(fromClient.dropFirst(8)))
        #expect(
            asked == [
                "connection.start-ok", "connection.tune-ok", "connection.open", "channel.open", "queue.declare",
                "basic.publish", "header", "body", "body", "basic.get", "connection.close",
            ]
        )
        let answered = try methods(toClient)
        #expect(
            answered == [
                "connection.start", "connection.tune", "connection.open-ok", "channel.open-ok", "queue.declare-ok",
                "basic.get-ok", "header", "body", "body", "connection.close-ok",
            ]
        )
    }

    private func methods(_ bytes: [UInt8]) throws -> [String] {
        var decoder = FrameDecoder(frameMax: 0)
        return try bytes.withUnsafeBytes { bytes in
            var input = bytes
            var names: [String] = []
            while let raw = try decoder.next(&input) {
                switch try Frame(raw) {
                case .method(_, let method): names.append("\(method.name)")
                case .header: names.append("header")
                case .body: names.append("body")
                case .heartbeat: names.append("heartbeat")
                }
            }
            return names
        }
    }

    @Test func secretsAreOverwrittenAndNothingElse() async throws {
        let bytes = try await capture { hub in
            let client = try await RawClient(port: hub.port)
            try await client.sendHeader()
            _ = try await client.next()
            let startOk = ConnectionStartOk(
                clientProperties: ["product": "kept"],
                mechanism: "PLAIN",
                response: Array("\0ann\0s3cret-pass".utf8),
                locale: "en_US"
            )
            try await client.send(.connectionStartOk(startOk))
            _ = try await client.next()
            try await client.send(.connectionTuneOk(ConnectionTuneOk(channelMax: 10, frameMax: 4096, heartbeat: 0)))
            try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "/")))
            _ = try await client.next()
            let secret = ConnectionUpdateSecret(newSecret: Array("s3cret-pass".utf8), reason: "kept too")
            try await client.send(.connectionUpdateSecret(secret))
            _ = try await client.next()
            await client.close()
        }
        let file = try PacketFile(bytes)
        let (fromClient, _) = try file.streams(clientPort: try #require(file.packets.first).sourcePort)
        let text = String(decoding: fromClient, as: UTF8.self)
        #expect(!text.contains("s3cret"))
        #expect(text.contains("kept") && text.contains("kept too") && text.contains("en_US"))
        #expect(text.contains(String(repeating: "x", count: 16)) && text.contains(String(repeating: "x", count: 11)))
    }

    @Test func itStopsAtItsLimitAndIsStillAFile() async throws {
        let bytes = try await capture(bytesMax: 2000) { hub in
            let client = try await RawClient.withChannel(port: hub.port)
            for _ in 0..<20 {
                try await client.send(.basicQos(BasicQos(prefetchCount: 1)), channel: 1)
                _ = try await client.next()
            }
            await client.close()
        }
        #expect(bytes.count <= 2000 && bytes.count > 500)
        #expect(try PacketFile(bytes).packets.count > 3)
    }

    @Test func aFileThatCannotBeMadeStopsTheStart() async throws {
        var configuration = HubConfiguration.forTests
        configuration.capture = PacketCapture(path: "/nowhere/at/all.pcap")
        await #expect(throws: OutputFileError.self) { _ = try await HubSim.start(configuration) }
    }

    /// Byte for byte, as a packet analyser wants it.
    @Test func aPacketIsAsItShouldBe() {
        let packet = TCPPacket(
            source: WireAddresses.End(address: [127, 0, 0, 1], port: 40_000),
            destination: WireAddresses.End(address: [127, 0, 0, 1], port: 5672),
            sequence: 1,
            acknowledged: 2,
            flags: [.push, .acknowledge],
            payload: [8, 0, 0, 0, 0, 0, 0, 0xCE]
        )
        let ethernet: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]
        let ip: [UInt8] = [0x45, 0, 0, 48, 0, 0, 0x40, 0, 64, 6, 0x3C, 0xC6, 127, 0, 0, 1, 127, 0, 0, 1]
        let tcp: [UInt8] = [0x9C, 0x40, 0x16, 0x28, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0xFF, 0xFF]
        #expect(Array(packet.octets.prefix(50)) == ethernet + ip + tcp)
        #expect(Array(packet.octets.suffix(10)) == [0, 0, 8, 0, 0, 0, 0, 0, 0, 0xCE])
    }

    @Test func ipv6HasNoSumOfItsOwnAndTCPHas() throws {
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        let octets = TCPPacket(
            source: WireAddresses.End(address: loopback, port: 40_000),
            destination: WireAddresses.End(address: loopback, port: 5672),
            sequence: 7,
            acknowledged: 9,
            flags: .acknowledge,
            payload: [1, 2, 3]
        ).octets
        let packet = try PacketFile.packet(octets)
        #expect(packet.payload == [1, 2, 3] && packet.sequence == 7 && packet.acknowledged == 9)
    }

    /// Bytes that were dropped because the disk was slow are a gap in the numbers, not a stream that lies.
    @Test func whatIsMissingLeavesAGap() {
        let end = WireAddresses.End(address: [127, 0, 0, 1], port: 1)
        let addresses = WireAddresses(client: end, server: end)
        var stream = TCPStream()
        #expect(stream.packets([1, 2], at: 0, .fromClient, addresses).map(\.sequence) == [0, 0, 1, 1])
        #expect(stream.packets([9], at: 10, .fromClient, addresses).map(\.sequence) == [11])
        #expect(stream.end(.fromClient, addresses).map(\.sequence) == [12, 1, 13])
    }
}
