/// A frame as it lies in memory: checked from outside, its payload not yet decoded.
///
/// The payload is borrowed, from the bytes given to ``FrameDecoder/next(_:)`` or from the decoder's own memory, and valid
/// until the decoder is asked again or those bytes go. Copy what must live longer: ``Frame`` does.
public struct RawFrame {
    /// Method, header, body or heartbeat.
    public let type: FrameType
    /// The channel; 0 is the connection itself.
    public let channel: UInt16
    /// What lies between the frame's size and its end octet.
    public let payload: UnsafeRawBufferPointer

    /// The method in a method frame's payload.
    public func method(limits: Limits = .standard) throws(ProtocolError) -> Method {
        try Method(decoding: payload, limits: limits)
    }

    /// The content header in a header frame's payload, its properties still octets.
    public func contentHeader() throws(ProtocolError) -> ContentHeaderView { try ContentHeaderView(payload) }
}
