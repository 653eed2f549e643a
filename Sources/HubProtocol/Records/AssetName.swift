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
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The path of an asset below the storage service's base URL.
    public static func path(of sha256: String) -> String { "/api/v2/assets/\(sha256)" }
}
