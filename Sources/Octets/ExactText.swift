/// A text as a key: two are one where their octets are, and their order is that of their octets.
///
/// Swift compares texts by canonical equivalence, where "é" in one scalar equals "é" in two. Protocols and databases
/// compare octets.
@frozen
public struct ExactText: Sendable, Hashable, Comparable {
    /// The text itself.
    public let text: String

    /// The key that is this text.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// Whether the octets are the same.
    @inlinable
    public static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

    /// Whether the left one's octets come first.
    @inlinable
    public static func < (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(before: right.text) }

    /// Feeds the hasher the octets.
    @inlinable
    public func hash(into hasher: inout Hasher) { text.hashExactly(into: &hasher) }
}

extension Dictionary where Key == ExactText {
    /// The same values, found by octets.
    @inlinable
    public init(_ values: [String: Value]) {
        self.init(uniqueKeysWithValues: values.lazy.map { (ExactText($0.key), $0.value) })
    }

    /// The value of the text that has exactly these octets.
    @inlinable
    public subscript(text: String) -> Value? {
        get { self[ExactText(text)] }
        set { self[ExactText(text)] = newValue }
    }
}
