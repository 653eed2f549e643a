/// A whole frame as a value that owns what it holds: for tests, tracing and everything that is not a hot path.
public enum Frame: Sendable, Hashable {
    /// A method on its channel.
    case method(channel: UInt16, Method)
    /// A content header on its channel.
    case header(channel: UInt16, ContentHeader)
    /// A piece of a body on its channel.
    case body(channel: UInt16, [UInt8])
    /// A heartbeat.
    case heartbeat

    /// Decodes and copies a frame.
    public init(_ raw: RawFrame, limits: Limits = .standard) throws(ProtocolError) {
        self =
            switch raw.type {
            case .method: .method(channel: raw.channel, try raw.method(limits: limits))
            case .header: .header(channel: raw.channel, try ContentHeader(decoding: raw.payload, limits: limits))
            case .body: .body(channel: raw.channel, Array(raw.payload))
            case .heartbeat: .heartbeat
            }
    }
}

extension Frame: CustomStringConvertible {
    /// One line, such as `1 method queue.declare queue="storage_service" durable`.
    public var description: String {
        switch self {
        case .method(let channel, let method): "\(channel) method \(method)"
        case .header(let channel, let header): "\(channel) header \(header)"
        case .body(let channel, let octets): "\(channel) body <\(octets.count) octets>"
        case .heartbeat: "0 heartbeat"
        }
    }
}

extension RawFrame: CustomStringConvertible {
    /// The line of ``Frame/description``; for a payload that cannot be decoded, its size and what is wrong with it.
    public var description: String {
        do throws(ProtocolError) {
            if type == .body { return "\(channel) body <\(payload.count) octets>" }
            return try Frame(self).description
        } catch {
            return "\(channel) \(type) <\(payload.count) octets> \(error)"
        }
    }
}
