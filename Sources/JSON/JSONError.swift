/// The bytes are no JSON text that can be taken. The bytes themselves stay out of it, so that no payload reaches a log.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Equatable {
        /// Something else than RFC 8259 allows at this place.
        case unexpectedByte
        /// The text ends within a value.
        case unexpectedEnd
        /// Something follows after the value.
        case trailingBytes
        /// A string that is no UTF-8, or has one half of a surrogate pair: no text that could be kept.
        case invalidText
        /// A number beyond the range of a double, such as `1e400`: no value that could be kept.
        case numberRange
        /// Arrays and objects nested deeper than `JSONLimits.depthMax`.
        case depth
        /// A key that stands twice in one object, where that is refused: it is not plain which value is meant.
        case repeatedKey
    }

    public let reason: Reason
    /// The byte at which it was noticed, from 0.
    public let offset: Int

    /// The rest of a sentence that starts with what was read: `is not JSON: unexpected end at byte 12`.
    public var description: String {
        switch reason {
        case .unexpectedByte: "is not JSON: unexpected character at byte \(offset)"
        case .unexpectedEnd: "is not JSON: it ends within a value, at byte \(offset)"
        case .trailingBytes: "is not JSON: something follows after the value, at byte \(offset)"
        case .invalidText: "is not JSON: a string that is not Unicode text, at byte \(offset)"
        case .numberRange: "holds a number that is out of range, at byte \(offset)"
        case .depth: "is nested deeper than \(JSONLimits.depthMax) levels, at byte \(offset)"
        case .repeatedKey: "has a key twice in one object, at byte \(offset)"
        }
    }
}
