import AMQP
import NIOCore

/// Looks on at one socket's connection: both directions in bytes, before TLS. Lives on the connection's event loop.
final class WireTap {
    private let recorder: WireRecorder
    private let party: WireParty
    private var inbound: WireCutter
    private var outbound: WireCutter
    private var inboundOffset: UInt64 = 0
    private var outboundOffset: UInt64 = 0

    /// For a socket of the hub's; nil where nobody looks on.
    convenience init?(_ channel: any Channel, _ hub: Hub, frameBytesMax: UInt32) {
        guard let recorder = hub.recorder else { return nil }
        let addresses = WireAddresses(
            client: WireAddresses.End(channel.remoteAddress),
            server: WireAddresses.End(channel.localAddress)
        )
        let name = "\(channel.remoteAddress?.place ?? "?") -> \(channel.localAddress?.place ?? "?")"
        let party = recorder.party(addresses, name: name, isInProcess: false)
        self.init(
            recorder,
            party,
            frameBytesMax: frameBytesMax == 0 ? .max : Int(max(frameBytesMax, 8192)),
            at: hub.timeline.now
        )
    }

    init(_ recorder: WireRecorder, _ party: WireParty, frameBytesMax: Int, at now: Instant) {
        self.recorder = recorder
        self.party = party
        inbound = WireCutter(frameBytesMax: frameBytesMax)
        outbound = WireCutter(frameBytesMax: .max)
        recorder.note([WireEvent(party: party, at: now, direction: .fromClient, offset: 0, matter: .opened)])
    }

    /// Octets have come from the client.
    func received(_ octets: UnsafeRawBufferPointer, at now: Instant) {
        var events: [WireEvent] = []
        inbound.take(octets) { events.append(event($0, .fromClient, &inboundOffset, now)) }
        recorder.note(events)
    }

    /// Octets go to the client.
    func sent(_ octets: UnsafeRawBufferPointer, at now: Instant) {
        var events: [WireEvent] = []
        outbound.take(octets) { events.append(event($0, .toClient, &outboundOffset, now)) }
        recorder.note(events)
    }

    /// The socket is gone.
    func ended(by ending: TracedFrame.Ending, at now: Instant) {
        var events: [WireEvent] = []
        inbound.end { events.append(event($0, .fromClient, &inboundOffset, now)) }
        outbound.end { events.append(event($0, .toClient, &outboundOffset, now)) }
        let direction = ending == .client ? TracedFrame.Direction.fromClient : .toClient
        let offset = ending == .client ? inboundOffset : outboundOffset
        events.append(
            WireEvent(party: party, at: now, direction: direction, offset: offset, matter: .closed(ending))
        )
        recorder.note(events)
    }

    private func event(
        _ piece: WireCutter.Piece,
        _ direction: TracedFrame.Direction,
        _ offset: inout UInt64,
        _ now: Instant
    ) -> WireEvent {
        let start = offset
        let matter: WireEvent.Matter
        switch piece {
        case .protocolHeader(let octets):
            offset += UInt64(octets.count)
            matter = .protocolHeader(octets)
        case .frame(let octets):
            offset += UInt64(octets.count)
            matter = .frame(recorder.kept(octets), size: octets.count)
        case .rest(let octets):
            offset += UInt64(octets.count)
            matter = .rest(octets)
        }
        return WireEvent(party: party, at: now, direction: direction, offset: start, matter: matter)
    }
}

extension SocketAddress {
    /// `127.0.0.1:5672`.
    fileprivate var place: String { "\(ipAddress ?? "?"):\(port ?? 0)" }
}

extension WireAddresses.End {
    fileprivate init(_ address: SocketAddress?) {
        port = UInt16(exactly: address?.port ?? 0) ?? 0
        switch address {
        case .v4(let address):
            let octets = address.address.sin_addr
            self.address = withUnsafeBytes(of: octets) { Array($0) }
        case .v6(let address):
            let octets = address.address.sin6_addr
            self.address = withUnsafeBytes(of: octets) { Array($0) }
        case .unixDomainSocket, nil: self.address = []
        }
    }
}
