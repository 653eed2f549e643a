/// Reads back a capture, strictly and by the books, knowing nothing of how it was written.
struct PacketFile {
    struct Packet {
        var seconds: UInt32
        var microseconds: UInt32
        var source: [UInt8]
        var destination: [UInt8]
        var sourcePort: Int
        var destinationPort: Int
        var sequence: UInt32
        var acknowledged: UInt32
        var flags: UInt8
        var payload: [UInt8]

        var isSyn: Bool { flags & 0x02 != 0 }
        var isFin: Bool { flags & 0x01 != 0 }
        var isFromServer: Bool { sourcePort == 5672 }
    }

    struct Trouble: Error {
        var what: String
        init(_ what: String) { self.what = what }
    }

    var packets: [Packet] = []

    init(_ bytes: [UInt8]) throws {
        func little(_ at: Int) -> UInt32 { bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        guard bytes.count >= 24, little(0) == 0xA1B2_C3D4, Array(bytes[4..<8]) == [2, 0, 4, 0], little(20) == 1 else {
            throw Trouble("no pcap 2.4 of Ethernet")
        }
        var at = 24
        while at < bytes.count {
            guard at + 16 <= bytes.count else { throw Trouble("half a record") }
            let length = Int(little(at + 8))
            guard length == Int(little(at + 12)), at + 16 + length <= bytes.count else { throw Trouble("a cut packet") }
            var packet = try Self.packet(Array(bytes[at + 16..<at + 16 + length]))
            (packet.seconds, packet.microseconds) = (little(at), little(at + 4))
            packets.append(packet)
            at += 16 + length
        }
    }

    static func packet(_ octets: [UInt8]) throws -> Packet {
        func big(_ at: Int, _ count: Int) -> Int { octets[at..<at + count].reduce(0) { $0 << 8 | Int($1) } }
        let source: [UInt8]
        let destination: [UInt8]
        let tcp: Int
        switch big(12, 2) {
        case 0x0800:
            guard octets[14] == 0x45, octets[23] == 6, big(16, 2) == octets.count - 14 else { throw Trouble("IPv4") }
            guard sum(Array(octets[14..<34])) == 0xFFFF else { throw Trouble("IPv4 checksum") }
            (source, destination, tcp) = (Array(octets[26..<30]), Array(octets[30..<34]), 34)
        case 0x86DD:
            guard octets[14] >> 4 == 6, octets[20] == 6, big(18, 2) == octets.count - 54 else { throw Trouble("IPv6") }
            (source, destination, tcp) = (Array(octets[22..<38]), Array(octets[38..<54]), 54)
        default: throw Trouble("ethertype")
        }
        let segment = Array(octets[tcp...])
        guard segment[12] == 0x50 else { throw Trouble("TCP header") }
        let length = segment.count
        let pseudo = source + destination + [0, 6, UInt8(length >> 8 & 255), UInt8(length & 255)]
        guard sum(pseudo + segment) == 0xFFFF else { throw Trouble("TCP checksum") }
        return Packet(
            seconds: 0,
            microseconds: 0,
            source: source,
            destination: destination,
            sourcePort: big(tcp, 2),
            destinationPort: big(tcp + 2, 2),
            sequence: UInt32(big(tcp + 4, 4)),
            acknowledged: UInt32(big(tcp + 8, 4)),
            flags: segment[13],
            payload: Array(segment[20...])
        )
    }

    /// One's complement sum; all ones where a checksum in it is right.
    private static func sum(_ octets: [UInt8]) -> Int {
        var sum = 0
        for (index, octet) in octets.enumerated() { sum += Int(octet) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return sum
    }

    /// Checks that nothing is missing in either direction, from SYN to FIN, and gives the bytes.
    func streams(clientPort: Int) throws -> (fromClient: [UInt8], toClient: [UInt8]) {
        var bytes: [Bool: [UInt8]] = [:]
        var next: [Bool: UInt32] = [:]
        var finished: Set<Bool> = []
        for packet in packets where [packet.sourcePort, packet.destinationPort].contains(clientPort) {
            let side = packet.isFromServer
            if packet.isSyn {
                guard next[side] == nil else { throw Trouble("two SYNs") }
                next[side] = packet.sequence &+ 1
            } else {
                guard packet.sequence == next[side] else { throw Trouble("a gap") }
                bytes[side, default: []] += packet.payload
                next[side] = packet.sequence &+ UInt32(packet.payload.count) &+ (packet.isFin ? 1 : 0)
            }
            if packet.flags & 0x10 != 0, packet.acknowledged != next[!side] {
                throw Trouble("acknowledges what was not")
            }
            if packet.isFin { finished.insert(side) }
        }
        guard finished.count == 2 else { throw Trouble("no end") }
        return (bytes[false] ?? [], bytes[true] ?? [])
    }
}
