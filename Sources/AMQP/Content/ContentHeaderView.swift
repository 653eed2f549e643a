/// A content header as it lies in the payload of its frame, the properties not yet decoded.
///
/// A broker hands properties on as they came, which costs one copy of octets instead of a dozen strings each way: keep
/// ``propertyOctets`` as an array, decode it with ``BasicProperties/init(decoding:limits:)`` where something must be
/// looked at, and send it with ``FrameWriter/header(channel:bodySize:propertyOctets:)``.
/// Valid as long as the memory of the payload, that is until the decoder is asked for the next frame.
public struct ContentHeaderView {
    /// The class of the method before it: 60, `basic`.
    public let classID: UInt16
    /// The octets of all body frames together.
    public let bodySize: UInt64
    /// Property flags and values (§4.2.6.1), not yet looked at.
    public let propertyOctets: UnsafeRawBufferPointer

    /// Reads the fixed part of a header frame's payload.
    ///
    /// Throws `FRAME_ERROR` if the payload is too short for it, and `SYNTAX_ERROR` if the weight is not zero.
    public init(_ payload: UnsafeRawBufferPointer) throws(ProtocolError) {
        guard payload.count >= 14 else {
            throw ProtocolError(.frameError, "header frame of \(payload.count) octets; it has 14 at least")
        }
        classID = UInt16(bigEndian: payload.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
        let weight = UInt16(bigEndian: payload.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        guard weight == 0 else { throw ProtocolError(.syntaxError, "content weight \(weight); it must be 0") }
        bodySize = UInt64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
        propertyOctets = UnsafeRawBufferPointer(rebasing: payload[12...])
    }

    /// Decodes the properties.
    ///
    /// Throws `SYNTAX_ERROR` for properties that are malformed, unknown, or do not end with the payload.
    public func properties(limits: Limits = .standard) throws(ProtocolError) -> BasicProperties {
        try BasicProperties(decoding: propertyOctets, limits: limits)
    }
}
