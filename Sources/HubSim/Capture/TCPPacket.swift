/// One TCP segment with everything around it: Ethernet II, IPv4 (RFC 791) or IPv6 (RFC 8200), TCP (RFC 9293).
struct TCPPacket {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let fin = Flags(rawValue: 0x01)
        static let syn = Flags(rawValue: 0x02)
        static let push = Flags(rawValue: 0x08)
        static let acknowledge = Flags(rawValue: 0x10)
    }

    var source: WireAddresses.End
    var destination: WireAddresses.End
    var sequence: UInt32
    var acknowledged: UInt32
    var flags: Flags
    var payload: ArraySlice<UInt8>

    /// The most that one segment carries, so that its IP packet has a length that IPv4 can tell.
    static let payloadMax = 60_000

    /// The packet from its Ethernet header on.
    var octets: [UInt8] {
        let isIPv4 = source.address.count == 4
        var octets: [UInt8] = []
        octets.reserveCapacity(74 + payload.count)
        // Made-up hardware addresses, marked as locally administered.
        octets += [0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1]
        octets += isIPv4 ? [0x08, 0x00] : [0x86, 0xDD]
        octets += isIPv4 ? ipv4Header : ipv6Header
        octets += segment
        return octets
    }

    private var ipv4Header: [UInt8] {
        var header: [UInt8] = [0x45, 0]
        header += Self.big(UInt16(40 + payload.count))
        // No identification is needed where nothing may be fragmented; 64 hops; TCP.
        header += [0, 0, 0x40, 0, 64, 6, 0, 0]
        header += source.address + destination.address
        header.replaceSubrange(10..<12, with: Self.big(Self.checksum(header)))
        return header
    }

    private var ipv6Header: [UInt8] {
        [0x60, 0, 0, 0] + Self.big(UInt16(20 + payload.count)) + [6, 64] + source.address + destination.address
    }

    private var segment: [UInt8] {
        var segment: [UInt8] = []
        segment += Self.big(source.port) + Self.big(destination.port)
        segment += Self.big(sequence)
        segment += Self.big(flags.contains(.acknowledge) ? acknowledged : 0)
        // Five words of header; the largest window; checksum, filled in below; nothing urgent.
        segment += [0x50, flags.rawValue, 0xFF, 0xFF, 0, 0, 0, 0]
        segment += payload
        // RFC 9293 §3.1 and RFC 8200 §8.1: addresses, protocol and length count too.
        let pseudoHeader = source.address + destination.address + Self.big(UInt32(segment.count)) + [0, 0, 0, 6]
        segment.replaceSubrange(16..<18, with: Self.big(Self.checksum(pseudoHeader + segment)))
        return segment
    }

    /// The Internet checksum (RFC 1071).
    static func checksum(_ octets: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        var index = 0
        while index < octets.count {
            let low = index + 1 < octets.count ? octets[index + 1] : 0
            sum += UInt32(octets[index]) << 8 | UInt32(low)
            sum = sum & 0xFFFF + sum >> 16
            index += 2
        }
        return ~UInt16(sum & 0xFFFF + sum >> 16)
    }

    private static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
