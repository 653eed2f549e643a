/// The seven octets before a frame's payload: type, channel, size (AMQP 0-9-1 §4.2.3).
struct FrameHeader {
    /// How many octets a frame header has.
    static let size = 7

    let type: FrameType
    let channel: UInt16
    let payloadSize: UInt32

    /// The octets of the whole frame, end octet included.
    var frameSize: Int { Int(payloadSize) + FrameType.overhead }

    /// Reads and checks the header at the front of `bytes`, which must be there whole.
    init(_ bytes: UnsafeRawBufferPointer, frameMax: UInt32) throws(ProtocolError) {
        guard let type = FrameType(rawValue: bytes[0]) else { throw Self.unknownType(bytes) }
        self.type = type
        channel = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
        payloadSize = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 3, as: UInt32.self))
        guard UInt64(payloadSize) + UInt64(FrameType.overhead) <= UInt64(frameMax) else {
            throw ProtocolError(
                .frameError,
                "\(type) frame of \(payloadSize) octets on channel \(channel); frame-max allows"
                    + " \(max(0, Int(frameMax) - FrameType.overhead))"
            )
        }
        switch type {
        case .method: break
        case .header, .body:
            // §4.2.3 wants a channel error; RabbitMQ calls the frame unexpected, and peers know it so.
            guard channel != 0 else { throw ProtocolError(.unexpectedFrame, "\(type) frame on channel 0") }
        case .heartbeat:
            guard channel == 0, payloadSize == 0 else {
                throw ProtocolError(.frameError, "heartbeat of \(payloadSize) octets on channel \(channel)")
            }
        }
    }

    /// The frame in `bytes`, which must be there whole; checks the end octet.
    func frame(in bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> RawFrame {
        let payloadEnd = frameSize - 1
        guard bytes[payloadEnd] == FrameType.end else {
            throw ProtocolError(
                .frameError,
                "\(type) frame of \(payloadSize) octets on channel \(channel) ends in \(bytes[payloadEnd]), not 206"
            )
        }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[Self.size..<payloadEnd])
        return RawFrame(type: type, channel: channel, payload: payload)
    }

    /// A server that refuses our version sends a protocol header (§4.2.2); that is worth a better reason.
    private static func unknownType(_ bytes: UnsafeRawBufferPointer) -> ProtocolError {
        if bytes.starts(with: ProtocolHeader.letters) {
            return ProtocolError(.frameError, "a protocol header, not a frame: the peer refuses the protocol version")
        }
        return ProtocolError(.frameError, "unknown frame type \(bytes[0])")
    }
}
