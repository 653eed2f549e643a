import JSON

/// The types of fields that the protocol has.
extension FieldReader {
    /// A string as users write them: 1 to 255 Unicode scalars, not only white space, no control characters (category Cc).
    public mutating func optionalText(_ key: String) -> String? {
        guard let text = optionalString(key, length: 1...ProtocolLimits.textLengthMax) else { return nil }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            return wrong(key, "must not contain control characters", nil)
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            return wrong(key, "must not be blank", nil)
        }
        return text
    }

    /// As `optionalText`, for a field that must be there.
    public mutating func text(_ key: String) -> String {
        optionalText(key) ?? missing(key, "")
    }

    /// The name of an asset: 64 lower-case hex digits (a SHA-256).
    public mutating func optionalDigest(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string, AssetName.isValid(text) else {
            return wrong(key, "must be a SHA-256 as 64 lower-case hex digits", nil)
        }
        return text
    }

    /// A point in time as the protocol writes it.
    public mutating func timestamp(_ key: String) -> Timestamp {
        guard let value = value(key) else { return missing(key, Timestamp(millisecondsSinceEpoch: 0)) }
        guard let text = value.string, let time = Timestamp(text) else {
            return wrong(
                key,
                "must be a UTC time such as 2026-01-02T03:04:05.678Z",
                Timestamp(millisecondsSinceEpoch: 0)
            )
        }
        return time
    }
}
