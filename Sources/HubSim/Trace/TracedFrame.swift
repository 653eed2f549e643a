import AMQP

/// One thing that went over a connection, in either direction, as a trace tells it.
///
/// What it shows is safe to write down: SASL responses and secrets are taken out, a body is cut to its beginning.
///
///     configuration.trace = { frame in print(frame) }
///     // 0.012345 #1 'my client' → 1 method basic.publish routing-key="q"
public struct TracedFrame: Sendable, Hashable {
    /// Who said it.
    public enum Direction: Sendable, Hashable {
        case fromClient, toClient
    }

    /// What went over the connection, or happened to it.
    public enum Content: Sendable, Hashable {
        /// The connection has begun; over its addresses, or in-process.
        case opened(isInProcess: Bool)
        /// The first eight octets of a connection, or the hub's refusal of them.
        case protocolHeader(ProtocolHeader)
        /// A method. Of those that carry secrets (`start-ok`, `secure`, `secure-ok`, `update-secret`) without them.
        case method(Method)
        case header(ContentHeader)
        /// A piece of a body: its whole size, and its first octets.
        case body(size: Int, excerpt: [UInt8])
        case heartbeat
        /// A frame, or octets that are none, which cannot be read.
        case unreadable(size: Int, reason: String)
        /// The connection has ended.
        case closed(by: Ending)
        /// So many frames before this were not kept, because the sink of the trace was too slow for them.
        case dropped(UInt64)
    }

    /// How a connection ended.
    public enum Ending: String, Sendable, Hashable {
        case client, hub
    }

    /// Since the hub began.
    public var time: Duration
    /// In the order in which connections came, from 1; sockets that never log in and in-process connections included.
    /// 0 for what is of no one connection.
    public var connection: UInt64
    /// What the client calls its connection, once it has said so; its addresses before.
    public var name: String
    public var direction: Direction
    /// 0 for what is of no channel.
    public var channel: UInt16
    public var content: Content
}

extension TracedFrame: CustomStringConvertible {
    /// One line, bounded: seconds, number and name of the connection, direction, and what was said.
    public var description: String {
        if case .dropped(let count) = content { return "\(seconds) … \(count) frames were not kept: the trace is slow" }
        let arrow = direction == .fromClient ? "→" : "←"
        return "\(seconds) #\(connection) '\(name)' \(arrow) \(what)"
    }

    private var seconds: String {
        let microseconds = Instant(time).microseconds
        let fraction = "\(microseconds % 1_000_000)"
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    private var what: String {
        switch content {
        case .opened(let isInProcess): isInProcess ? "opened in-process" : "opened"
        case .protocolHeader(let header): "protocol header \(header)"
        case .method(let method): "\(channel) method \(Self.line(of: method))".cut()
        case .header(let header): "\(channel) header \(header)".cut()
        case .body(let size, let excerpt): "\(channel) body <\(size) octets> \(Excerpt.text(excerpt, of: size))"
        case .heartbeat: "0 heartbeat"
        case .unreadable(let size, let reason): "unreadable <\(size) octets> \(reason)"
        case .closed(let ending): "closed by the \(ending.rawValue)"
        case .dropped: ""
        }
    }

    /// A secret that was taken out shows as hidden, not as empty.
    private static func line(of method: Method) -> String {
        method.carriesSecret ? "\(method)".replacing("=<0 octets>", with: "=<hidden>") : "\(method)"
    }
}

extension String {
    /// No line of a trace is longer than anybody reads.
    fileprivate func cut() -> String { utf8.count <= 2048 ? self : "\(prefix(2000))…" }
}
