import AMQP
import Synchronization

/// Something that a tap saw, on its way to whoever writes it down.
struct WireEvent: Sendable {
    enum Matter: Sendable {
        case opened
        /// The octets of a protocol header.
        case protocolHeader([UInt8])
        /// A frame as it was on the wire. A body may be cut; `size` is that of the whole frame.
        case frame([UInt8], size: Int)
        /// Octets that are no frame.
        case rest([UInt8])
        /// What would have been a method frame, a header frame, and a body of that size, had there been a wire.
        case method(channel: UInt16, Method)
        case header(channel: UInt16, ContentHeader)
        case body(channel: UInt16, excerpt: [UInt8], size: Int)
        case closed(TracedFrame.Ending)
    }

    var party: WireParty
    var at: Instant
    var direction: TracedFrame.Direction
    /// Where in its direction's stream of octets it begins.
    var offset: UInt64
    var matter: Matter

    /// What keeping it costs, roughly.
    var sizeBytes: Int {
        switch matter {
        case .protocolHeader(let octets), .frame(let octets, _), .rest(let octets): 128 + octets.count
        case .header, .method: 1024
        case .opened, .closed: 128
        case .body(_, let excerpt, _): 128 + excerpt.count
        }
    }
}

/// A connection as those who look on know it.
final class WireParty: Sendable {
    /// What is found out on the way; only whoever writes down comes here.
    struct Notes {
        var name: String
        var stream = TCPStream()
        /// Whether a piece of a secret may be among octets that are no frames.
        var isSecretive = false
        /// The same for the capture, which goes its own way through the events.
        var isHiding = false
    }

    let number: UInt64
    let addresses: WireAddresses
    let isInProcess: Bool
    let notes: Mutex<Notes>

    init(number: UInt64, addresses: WireAddresses, name: String, isInProcess: Bool) {
        self.number = number
        self.addresses = addresses
        self.isInProcess = isInProcess
        notes = Mutex(Notes(name: name))
    }
}
