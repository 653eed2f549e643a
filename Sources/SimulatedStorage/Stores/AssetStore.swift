import NIOCore

/// Where the bytes of assets are kept, each write in a place of its own.
///
/// It knows no names and no references: which bytes are an asset, and since when, is in the `RecordStore`.
public protocol AssetStore: Sendable {
    /// Starts to write bytes. `expectedBytes` is room that is asked for at once, where the length is known before.
    func makeWriter(expectedBytes: Int?) async throws(AssetStoreError) -> any AssetWriter

    /// The bytes that a writer has finished. `nil` where they have been removed.
    func read(_ blob: BlobID) async throws(AssetStoreError) -> ByteBuffer?

    /// Removes bytes. Whoever is reading them keeps them; removing what is not there changes nothing.
    func remove(_ blob: BlobID) async throws(AssetStoreError)
}

/// Bytes that are being written. Exactly one of `finish` and `discard` ends it.
public protocol AssetWriter: Sendable {
    /// Adds bytes. After an error the writer can only be discarded.
    func append(_ bytes: ByteBuffer) async throws(AssetStoreError)

    /// Makes the bytes last and tells their place. They have proved to be those of the asset of this name.
    func finish(as name: String) async throws(AssetStoreError) -> BlobID

    /// Gives up the bytes and their room.
    func discard() async
}

/// Bytes could not be kept or read.
public enum AssetStoreError: Error, Sendable, Hashable {
    /// There is no more room.
    case full
    /// The medium failed; the text is for the log.
    case failed(String)
}
