import HubProtocol

/// What the store knows of one asset. Its bytes lie in an `AssetStore`.
public struct StoredAsset: Sendable, Hashable {
    /// Its SHA-256 in lower-case hex digits.
    public var name: String
    /// Bytes.
    public var size: Int
    /// As the first `PUT` gave it.
    public var contentType: String
    /// Where the bytes lie.
    public var blob: BlobID
    /// How many versions refer to it. While there is one, it is never removed.
    public var references: Int
    /// The last `PUT` or release; without references, it may be collected some time after.
    public var idleSince: Timestamp

    public init(
        name: String,
        size: Int,
        contentType: String,
        blob: BlobID,
        references: Int = 0,
        idleSince: Timestamp
    ) {
        self.name = name
        self.size = size
        self.contentType = contentType
        self.blob = blob
        self.references = references
        self.idleSince = idleSince
    }
}

/// The place of some bytes in an `AssetStore`. Every write has a new one, also of equal bytes, so that removing what
/// was written before can never hit what was written since.
public struct BlobID: Sendable, Hashable {
    public let text: String

    public init(_ text: String) { self.text = text }
}
