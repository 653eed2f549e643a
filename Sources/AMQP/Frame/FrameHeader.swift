/// The seven octets before a frame's payload: type, channel, size (AMQP 0-9-1 §4.2.3).
///
/// Mistakes are found in RabbitMQ's order and told in its words: the size first, everything else when the frame is whole.
struct FrameHeader {
    /// How many octets a frame header has.
    static let size = 7

    /// A ``FrameType``, if there is such a type.
    let type: UInt8
    let channel: UInt16
    let payloadSize: UInt32

    /// The octets of the whole frame, end octet included.
    var frameSize: Int { Int(payloadSize) + FrameType.overhead }

    /// Reads the header at the front of `bytes`, which must be there whole, and checks the size.
    init(_ bytes: UnsafeRawBufferPointer, frameMax: UInt32) throws(ProtocolError) {
        type = bytes[0]
        channel = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
        payloadSize = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 3, as: UInt32.self))
        // RabbitMQ grants a frame's overhead to those who forget to count it.
        guard payloadSize <= frameMax else {
            let allowed = max(0, Int(frameMax) - FrameType.overhead)
            // A server that refuses our version sends a protocol header (§4.2.2); that is worth a detail.
            let isProtocolHeader = bytes.starts(with: ProtocolHeader.letters)
            throw frameError(
                "{frame_too_large,\(payloadSize),\(allowed)}",
                UnsafeRawBufferPointer(start: nil, count: 0),
                detail: isProtocolHeader ? "a protocol header, not a frame: the peer refuses the protocol version" : nil
            )
        }
    }

    /// The frame in `bytes`, which must be there whole; checks the end octet, the type and what goes with it.
    func frame(in bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> RawFrame {
        let payloadEnd = frameSize - 1
        let payload = UnsafeRawBufferPointer(rebasing: bytes[Self.size..<payloadEnd])
        guard bytes[payloadEnd] == FrameType.end else {
            throw frameError("{invalid_frame_end_marker,\(bytes[payloadEnd])}", payload)
        }
        guard let type = FrameType(rawValue: type) else { throw frameError("unknown_frame", payload) }
        switch type {
        case .method:
            guard payload.count >= 4 else { throw frameError("unknown_frame", payload, detail: "names no method") }
        case .header:
            guard payload.count >= ContentHeaderView.fixedSize else {
                throw frameError("unknown_frame", payload, detail: "too short for a content header")
            }
            // §4.2.3 wants a channel error; RabbitMQ calls the frame unexpected, and peers know it so.
            guard channel != 0 else { throw .unexpectedFrame(self.type, payload, detail: "content on channel 0") }
        case .body:
            guard channel != 0 else { throw .unexpectedFrame(self.type, payload, detail: "content on channel 0") }
        case .heartbeat:
            guard payload.isEmpty else {
                throw frameError("unknown_frame", payload, detail: "heartbeat with a payload")
            }
            guard channel == 0 else {
                throw .unexpectedFrame(self.type, payload, detail: "heartbeat on channel \(channel)")
            }
        }
        return RawFrame(type: type, channel: channel, payload: payload)
    }

    private func frameError(
        _ problem: String,
        _ payload: UnsafeRawBufferPointer,
        detail: String? = nil
    ) -> ProtocolError {
        ProtocolError(.frameError, "type \(type), \(ErlangBinary.beginning(payload)): \(problem)", detail: detail)
    }
}

extension ProtocolError {
    /// A frame of this type was not expected here.
    package static func unexpectedFrame(
        _ type: UInt8,
        _ payload: UnsafeRawBufferPointer,
        detail: String? = nil
    ) -> ProtocolError {
        ProtocolError(.unexpectedFrame, "type \(type), \(ErlangBinary.beginning(payload))", detail: detail)
    }
}
