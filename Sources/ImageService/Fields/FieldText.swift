import HubProtocol

/// The rule for every text that a user gives an image (contract §2, §7).
package enum FieldText {
    /// The text without the white space around it, where what is left has 1 to 255 Unicode scalars and no control
    /// character; otherwise what is wrong.
    ///
    /// White space is Unicode's property White_Space, so that a no-break space around a name goes too. Scalars are
    /// counted and not bytes or graphemes, because every language that speaks the protocol can count those.
    package static func trimmed(_ raw: String) throws(FieldFault) -> String {
        if isPlain(raw) { return raw }
        let scalars = raw.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { throw .tooShort }
        let kept = scalars[first...last]
        // White space inside is welcome, but tabs and line ends are control characters, and those are not.
        guard !kept.contains(where: \.isControl) else { throw .controlCharacter }
        guard kept.count <= ProtocolLimits.textLengthMax else {
            throw .tooLong(lengthMax: ProtocolLimits.textLengthMax)
        }
        return String(String.UnicodeScalarView(kept))
    }

    /// Whether it is ASCII with nothing to trim and nothing to refuse: most texts are, and to look up what Unicode says of
    /// each scalar would take longer.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...ProtocolLimits.textLengthMax).contains(bytes.count) && bytes.allSatisfy { 0x20...0x7E ~= $0 }
            && bytes.first != UInt8(ascii: " ") && bytes.last != UInt8(ascii: " ")
    }
}

extension FieldFault: Error {}
