/// The eight octets that open a connection, from the client, before any frame (AMQP 0-9-1 §4.2.2).
///
/// A server that does not speak the version asked for answers with the header of one that it speaks, and closes.
public struct ProtocolHeader: Sendable, Hashable {
    /// The four octets after `AMQP`: for 0-9-1 a zero and the version.
    public var id, major, minor, revision: UInt8

    /// A header.
    public init(id: UInt8, major: UInt8, minor: UInt8, revision: UInt8) {
        (self.id, self.major, self.minor, self.revision) = (id, major, minor, revision)
    }

    /// `AMQP`, 0, 0, 9, 1.
    public static let amqp091 = ProtocolHeader(id: 0, major: 0, minor: 9, revision: 1)

    /// How many octets a header has.
    public static let size = 8

    /// The octets on the wire.
    public var octets: [UInt8] { Self.letters + [id, major, minor, revision] }

    static let letters = Array("AMQP".utf8)
}

extension ProtocolHeader: CustomStringConvertible {
    /// Such as `AMQP 0-0-9-1`.
    public var description: String { "AMQP \(id)-\(major)-\(minor)-\(revision)" }
}
