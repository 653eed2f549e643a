/// Why an asset could not be put or removed.
public enum AssetError: Error, Sendable, Hashable {
    /// The bytes do not hash to the name, or the name is none.
    case digestMismatch
    /// There were no bytes.
    case empty
    /// There were more bytes than one asset may have.
    case tooLarge(bytesMax: Int)
    /// There is no more room.
    case full
    case notFound
    /// A version refers to it.
    case inUse

    /// The store's error, where it is one that a caller is told of.
    init?(_ error: any Error) {
        guard case AssetStoreError.full = error else { return nil }
        self = .full
    }
}
