/// A parameter value of the form `charset'language'percent-encoded` (RFC 8187 §3.2).
enum ExtendedValue {
    /// The text of the value, or `nil` where it is malformed or in another charset than UTF-8 and ISO-8859-1, the two
    /// that RFC 5987 named.
    static func decode(_ value: [UInt8]) -> String? {
        let pieces = value.split(separator: .apostrophe, maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let octets = percentDecoded(pieces[2]) else { return nil }
        return switch pieces[0].lowercasedASCII {
        case "utf-8": String(validating: octets, as: UTF8.self)
        case "iso-8859-1": Charset.latin1.decode(octets)
        default: nil
        }
    }

    /// The octet that two hexadecimal digits stand for.
    static func percentEncoded(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, let high = digits.first?.hexDigitValue, let low = digits.last?.hexDigitValue else {
            return nil
        }
        return high << 4 | low
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = text
        var octets: [UInt8] = []
        while let octet = rest.popFirst() {
            guard octet == .percent else {
                guard octet.isToken else { return nil }
                octets.append(octet)
                continue
            }
            guard let decoded = percentEncoded(rest.prefix(2)) else { return nil }
            rest.removeFirst(2)
            octets.append(decoded)
        }
        return octets
    }
}
