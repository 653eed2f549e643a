import HTTPTypes

/// What `If-Match` and `If-None-Match` hold (RFC 9110 §13.1.1, §13.1.2): `*`, or a list of entity tags.
public enum EntityTagCondition: Sendable, Equatable {
    /// `*`: any present representation.
    case any
    /// These tags.
    case tags([EntityTag])

    /// Reads a field; `nil` where the request does not have it.
    ///
    /// A member that is no entity tag is passed over, so a list of nothing else matches nothing: `If-Match` then
    /// refuses and `If-None-Match` lets through, which is the safe side of both. At most `tagsMax` members count.
    public init?(_ name: HTTPField.Name, in headers: HTTPFields, tagsMax: Int = 64) {
        let values = headers[values: name]
        guard !values.isEmpty else { return nil }
        let text = values.joined(separator: ",")
        self = text.trimmed == "*" ? .any : .tags(Self.parse(text, tagsMax: tagsMax))
    }

    /// Whether one of the tags is the current one, both strong; the comparison of `If-Match`.
    public func stronglyMatches(_ current: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.stronglyMatches(current) }
        }
    }

    /// Whether one of the tags is the current one, weak or not; the comparison of `If-None-Match`.
    public func weaklyMatches(_ current: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.weaklyMatches(current) }
        }
    }

    /// The tags of a comma-separated list, in one pass over the text.
    static func parse(_ text: String, tagsMax: Int) -> [EntityTag] {
        var tags: [EntityTag] = []
        var rest = text.utf8[...]
        while !rest.isEmpty, tags.count < tagsMax {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
            if let (tag, end) = tag(at: rest) {
                rest = rest[end...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                if rest.isEmpty || rest.first == UInt8(ascii: ",") {
                    tags.append(tag)
                    continue
                }
            }
            rest = rest.drop { $0 != UInt8(ascii: ",") }
        }
        return tags
    }

    private static func tag(at text: Substring.UTF8View) -> (EntityTag, String.Index)? {
        var rest = text
        let isWeak = rest.starts(with: [UInt8(ascii: "W"), UInt8(ascii: "/")])
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        let opaque = rest.prefix { EntityTag.isTagByte($0) }
        rest = rest[opaque.endIndex...]
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        return (EntityTag(opaque: String(Substring(opaque)), isWeak: isWeak), rest.startIndex)
    }
}
