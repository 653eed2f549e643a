/// An entity tag (RFC 9110 §8.8.3): `"xyzzy"` or `W/"xyzzy"`.
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    /// What stands between the quotes.
    public let opaque: String
    /// Whether equal tags promise only equal meaning, not equal bytes.
    public let isWeak: Bool

    /// A strong tag. `opaque` must be of the characters that a tag may have: visible ASCII but the quote, or above.
    public init(_ opaque: String) {
        precondition(opaque.utf8.allSatisfy(Self.isTagByte), "Cannot make an entity tag of \(opaque)")
        self.opaque = opaque
        isWeak = false
    }

    init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag as it stands in a header field, quotes included.
    public var description: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Whether both are strong and alike (RFC 9110 §8.8.3.2).
    public func stronglyMatches(_ other: EntityTag) -> Bool { !isWeak && !other.isWeak && opaque == other.opaque }

    /// Whether they are alike, weak or not (RFC 9110 §8.8.3.2).
    public func weaklyMatches(_ other: EntityTag) -> Bool { opaque == other.opaque }

    /// `etagc` (RFC 9110 §8.8.3).
    static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80 }
}
