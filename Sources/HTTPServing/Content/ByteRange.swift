/// What a `Range` field asks for (RFC 9110 §14.2), against content of a known length.
public enum ByteRange: Sendable, Equatable {
    /// The whole content: no range, a malformed one, another unit, or several ranges (which may be answered whole).
    case whole
    /// These bytes.
    case part(Range<Int>)
    /// A well-formed range that lies outside of the content.
    case unsatisfiable

    /// Reads the value of a `Range` field for content of `byteCount` bytes.
    public init(_ field: String, byteCount: Int) {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].trimmed.lowercased() == "bytes" else {
            self = .whole
            return
        }
        let specification = parts[1].trimmed
        let bounds = specification.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = Self.position(bounds[0]), let last = Self.position(bounds[1]) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (.absent, .absent):
            self = .whole
        case (.absent, .at(let suffixLength)):
            // A suffix longer than the content is the content; of no bytes there is no suffix.
            self =
                suffixLength == 0 || byteCount == 0
                ? .unsatisfiable : .part(max(0, byteCount - suffixLength)..<byteCount)
        case (.at(let first), .absent):
            self = first < byteCount ? .part(first..<byteCount) : .unsatisfiable
        case (.at(let first), .at(let last)):
            guard first <= last else {
                self = .whole
                return
            }
            self = first < byteCount ? .part(first..<min(last, byteCount - 1) + 1) : .unsatisfiable
        }
    }

    private enum Position {
        case absent
        case at(Int)
    }

    /// Digits alone; `nil` for anything else. A number past 64 bits is as good as the largest.
    private static func position(_ digits: Substring) -> Position? {
        guard !digits.isEmpty else { return .absent }
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return .at(Int(digits) ?? .max)
    }
}
