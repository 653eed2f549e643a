/// What the specification says about one field of a method.
public struct FieldDescriptor: Sendable, Hashable {
    /// The types of fields (AMQP 0-9-1 §4.2.1), by the names that the specification gives them.
    public enum FieldType: String, Sendable, Hashable {
        /// One bit; neighbouring bits share an octet, from the lowest up (§4.2.5.2).
        case bit
        /// 8 bits, unsigned.
        case octet
        /// 16 bits, unsigned.
        case short
        /// 32 bits, unsigned.
        case long
        /// 64 bits, unsigned.
        case longLong = "longlong"
        /// Up to 255 octets of UTF-8.
        case shortString = "shortstr"
        /// Up to 4 GiB of any octets.
        case longString = "longstr"
        /// A field table.
        case table
    }

    /// The name as in the specification, such as `routing-key`.
    public var name: String
    /// The type on the wire.
    public var type: FieldType
    /// Whether it is reserved: zero or empty when sent, ignored when received.
    public var isReserved: Bool

    init(_ name: String, _ type: FieldType, isReserved: Bool = false) {
        self.name = name
        self.type = type
        self.isReserved = isReserved
    }
}
