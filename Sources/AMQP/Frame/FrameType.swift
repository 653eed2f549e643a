/// The types of frames (AMQP 0-9-1 §4.2.3).
public enum FrameType: UInt8, Sendable, Hashable, CaseIterable {
    /// Carries a method.
    case method = 1
    /// Carries a content header.
    case header = 2
    /// Carries a piece of a content body.
    case body = 3
    /// Carries nothing; says that the peer lives.
    case heartbeat = 8

    /// The octet after every frame's payload.
    public static let end: UInt8 = 0xCE
    /// The octets of a frame around its payload: type, channel, size and end.
    public static let overhead = 8
    /// The least frame-max that may be negotiated (§1.2, `frame-min-size`).
    public static let minimumSize: UInt32 = 4096
}
