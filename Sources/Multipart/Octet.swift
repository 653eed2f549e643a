/// The octets that the grammars of RFC 2046, RFC 7578 and RFC 9110 name, and the classes they fall into.
///
/// Everything here works on octets and not on characters: what arrives is not yet known to be UTF-8.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let percent = UInt8(ascii: "%")
    static let apostrophe = UInt8(ascii: "'")
    static let dash = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let backslash = UInt8(ascii: "\\")

    /// Space or tab: `OWS` of RFC 9110 §5.6.3, transport padding of RFC 2046 §5.1.1.
    var isBlank: Bool { self == .space || self == .tab }

    /// A control character that no header field value may hold; tab is the one that may (RFC 9110 §5.5).
    var isForbiddenInHeader: Bool { (self < .space && self != .tab) || self == 0x7F }

    var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// `tchar` of RFC 9110 §5.6.2.
    var isToken: Bool { isAlphanumeric || Self.tokenMarks.contains(self) }

    /// `bchars` of RFC 2046 §5.1.1, the inner space included.
    var isBoundaryCharacter: Bool { isAlphanumeric || Self.boundaryMarks.contains(self) }

    /// What an unquoted parameter value may hold here: see ``ParameterizedValue``.
    var isBareValue: Bool {
        self > .space && self != 0x7F && self != .quote && self != .semicolon && self != .backslash
            && self != UInt8(ascii: ",")
    }

    /// The value of a hexadecimal digit of either case.
    var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)
    private static let boundaryMarks = Array("'()+_,-./:=? ".utf8)
}

extension ArraySlice<UInt8> {
    /// The same octets without the blanks around them (`OWS`).
    var withoutOuterBlanks: ArraySlice<UInt8> {
        var trimmed = self
        while let first = trimmed.first, first.isBlank { trimmed.removeFirst() }
        while let last = trimmed.last, last.isBlank { trimmed.removeLast() }
        return trimmed
    }
}

extension Sequence<UInt8> {
    /// The octets as text in lower case, for names that are ASCII and compare without case.
    var lowercasedASCII: String {
        String(decoding: map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
