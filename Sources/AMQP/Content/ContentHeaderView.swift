/// A content header as it lies in the payload of its frame, the properties not yet decoded.
///
/// A broker hands properties on as they came, which costs one copy of octets instead of a dozen strings each way: keep
/// ``propertyOctets`` as an array, decode it with ``BasicProperties/init(decoding:limits:)`` where something must be
/// looked at, and send it with ``FrameWriter/header(channel:bodySize:propertyOctets:)``.
/// Valid as long as the memory of the payload, that is until the decoder is asked for the next frame.
public struct ContentHeaderView {
    /// The octets before the properties.
    static let fixedSize = 12

    /// The class of the method before it: 60, `basic`.
    public let classID: UInt16
    /// Zero in every header that has a meaning.
    public let weight: UInt16
    /// The octets of all body frames together.
    public let bodySize: UInt64
    /// Property flags and values (§4.2.6.1), not yet looked at.
    public let propertyOctets: UnsafeRawBufferPointer

    /// Reads the fixed part of a header frame's payload.
    ///
    /// Throws `FRAME_ERROR` if the payload is too short for it. Whether class and weight are right is for the caller to see.
    public init(_ payload: UnsafeRawBufferPointer) throws(ProtocolError) {
        guard payload.count >= Self.fixedSize else {
            throw ProtocolError(
                .frameError,
                "header frame of \(payload.count) octets; it has \(Self.fixedSize) at least"
            )
        }
        classID = UInt16(bigEndian: payload.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
        weight = UInt16(bigEndian: payload.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        bodySize = UInt64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
        propertyOctets = UnsafeRawBufferPointer(rebasing: payload[12...])
    }

    /// Decodes the properties.
    ///
    /// Throws as ``BasicProperties/init(decoding:limits:)``.
    public func properties(limits: Limits = .standard) throws(ProtocolError) -> BasicProperties {
        try BasicProperties(decoding: propertyOctets, limits: limits)
    }
}
