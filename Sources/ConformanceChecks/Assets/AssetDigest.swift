import Crypto
import HubProtocol

/// Names of assets: the SHA-256 of their bytes.
enum AssetDigest {
    static func of(_ bytes: [UInt8]) -> String { AssetName.from(digest: SHA256.hash(data: bytes)) }

    /// The name of an asset that nobody has put.
    static func ofNothingKnown(_ id: String) -> String { of(Array("never put \(id)".utf8)) }
}
