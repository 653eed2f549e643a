import Octets

/// A field table: names with typed values, in the order in which they were sent (AMQP 0-9-1 §4.2.5.5).
///
/// Tables are small, so lookup is a scan. Order survives decoding and encoding but says nothing: two tables with the
/// same entries in another order are equal and hash alike, because brokers compare arguments and bindings that way.
/// A repeated name is illegal and its meaning undefined; all entries are kept, and lookup finds the first.
///
///     var headers: FieldTable = ["event_type": "storage.request"]
///     headers["attempt"] = .int32(2)
public struct FieldTable: Sendable {
    /// A name and its value.
    public struct Entry: Sendable, Hashable {
        /// The name: at most 255 octets of UTF-8.
        public var key: String
        /// The value.
        public var value: FieldValue

        /// An entry.
        public init(key: String, value: FieldValue) {
            self.key = key
            self.value = value
        }

        /// Whether name and value are the same; names are octets.
        public static func == (left: Entry, right: Entry) -> Bool {
            left.key.isExactly(right.key) && left.value == right.value
        }

        /// Feeds the hasher name and value.
        public func hash(into hasher: inout Hasher) {
            key.hashExactly(into: &hasher)
            hasher.combine(value)
        }
    }

    /// The entries as sent.
    public var entries: [Entry]

    /// An empty table.
    public init() { entries = [] }

    /// A table of these entries.
    public init(entries: [Entry]) { self.entries = entries }

    /// A table of these names and values.
    public init(_ pairs: some Sequence<(String, FieldValue)>) {
        entries = pairs.map { Entry(key: $0.0, value: $0.1) }
    }

    /// Whether there is no entry.
    public var isEmpty: Bool { entries.isEmpty }

    /// How many entries there are.
    public var count: Int { entries.count }

    /// The value of the first entry of that name.
    ///
    /// Setting replaces the value in its place, or appends; setting nil removes every entry of that name.
    public subscript(key: String) -> FieldValue? {
        get {
            for entry in entries where entry.key.isExactly(key) { return entry.value }
            return nil
        }
        set {
            guard let newValue else { return entries.removeAll { $0.key.isExactly(key) } }
            if let index = entries.firstIndex(where: { $0.key.isExactly(key) }) {
                entries[index].value = newValue
            } else {
                entries.append(Entry(key: key, value: newValue))
            }
        }
    }
}

extension FieldTable: ExpressibleByDictionaryLiteral {
    /// A table of these names and values, in this order.
    public init(dictionaryLiteral elements: (String, FieldValue)...) { self.init(elements) }
}

extension FieldTable: Hashable {
    /// Whether both hold the same entries, in whatever order.
    public static func == (left: FieldTable, right: FieldTable) -> Bool {
        if left.entries == right.entries { return true }
        guard left.entries.count == right.entries.count else { return false }
        return left.sortedEntries == right.sortedEntries
    }

    /// Feeds the hasher a sum that does not depend on the order of entries.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for entry in entries { sum &+= entry.hashValue }
        hasher.combine(entries.count)
        hasher.combine(sum)
    }

    /// The entries by name; those of equal names stay in the order in which they were sent.
    private var sortedEntries: [Entry] {
        entries.enumerated()
            .sorted { (ExactText($0.element.key), $0.offset) < (ExactText($1.element.key), $1.offset) }
            .map(\.element)
    }
}
