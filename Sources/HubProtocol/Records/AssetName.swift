/// The name of an asset: the SHA-256 of its bytes as 64 lower-case hex digits (contract §4, §7).
public enum AssetName {
    /// Whether the text is such a name.
    public static func isValid(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// The name for a digest of 32 bytes.
    public static func from(digest: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// The path of an asset below the storage service's base URL.
    public static func path(of sha256: String) -> String { "/api/v2/assets/\(sha256)" }
}
