/// The numbers of one connection's segments. Bytes that nobody kept leave a gap in them, as lost packets do.
struct TCPStream {
    private var hasBegun = false
    private var hasEnded = false
    /// How many octets of a direction are written or known to be missing.
    private var fromClient: UInt64 = 0
    private var toClient: UInt64 = 0

    /// The packets for octets of a direction; the handshake before the first.
    mutating func packets(
        _ octets: ArraySlice<UInt8>,
        at offset: UInt64,
        _ direction: TracedFrame.Direction,
        _ addresses: WireAddresses
    ) -> [TCPPacket] {
        var packets = begin(addresses)
        var offset = offset
        var rest = octets
        while !rest.isEmpty {
            let piece = rest.prefix(TCPPacket.payloadMax)
            rest = rest.dropFirst(piece.count)
            advance(direction, to: offset)
            packets.append(packet(direction, [.push, .acknowledge], addresses, piece))
            offset += UInt64(piece.count)
            advance(direction, to: offset)
        }
        return packets
    }

    /// The packets of the three-way handshake, once.
    mutating func begin(_ addresses: WireAddresses) -> [TCPPacket] {
        guard !hasBegun else { return [] }
        let syn = packet(.fromClient, .syn, addresses)
        let answer = packet(.toClient, [.syn, .acknowledge], addresses)
        hasBegun = true
        return [syn, answer, packet(.fromClient, .acknowledge, addresses)]
    }

    /// The packets of the end: both sides say that they have no more.
    mutating func end(_ first: TracedFrame.Direction, _ addresses: WireAddresses) -> [TCPPacket] {
        guard !hasEnded else { return [] }
        var packets = begin(addresses)
        hasEnded = true
        let second = first == .fromClient ? TracedFrame.Direction.toClient : .fromClient
        packets.append(packet(first, [.fin, .acknowledge], addresses))
        advance(first, to: offset(first) + 1)
        packets.append(packet(second, [.fin, .acknowledge], addresses))
        advance(second, to: offset(second) + 1)
        packets.append(packet(first, .acknowledge, addresses))
        return packets
    }

    private func offset(_ direction: TracedFrame.Direction) -> UInt64 {
        direction == .fromClient ? fromClient : toClient
    }

    private mutating func advance(_ direction: TracedFrame.Direction, to offset: UInt64) {
        if direction == .fromClient { fromClient = offset } else { toClient = offset }
    }

    /// Both sides begin at 0; `syn` counts as one octet.
    private func packet(
        _ direction: TracedFrame.Direction,
        _ flags: TCPPacket.Flags,
        _ addresses: WireAddresses,
        _ payload: ArraySlice<UInt8> = []
    ) -> TCPPacket {
        let isSyn = flags.contains(.syn)
        let other = direction == .fromClient ? TracedFrame.Direction.toClient : .fromClient
        let client = addresses.client
        let server = WireAddresses.End(address: addresses.server.address, port: WireAddresses.amqpPort)
        return TCPPacket(
            source: direction == .fromClient ? client : server,
            destination: direction == .fromClient ? server : client,
            sequence: isSyn ? 0 : UInt32(truncatingIfNeeded: offset(direction) + 1),
            acknowledged: UInt32(truncatingIfNeeded: offset(other) + 1),
            flags: flags,
            payload: payload
        )
    }
}
