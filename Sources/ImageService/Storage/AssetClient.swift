import HubProtocol
import NIOCore

/// The HTTP side of storage (contract §4), as `StorageClient` wants it.
///
/// Every method keeps to the call's deadline, retries included; all of them may be repeated without harm, because an
/// asset is named by its content.
package protocol AssetClient: Sendable {
    /// Stores bytes under their digest.
    func put(_ image: UploadedImage, for call: StorageCall) async throws(StorageTrouble) -> StoredAsset

    /// Reads bytes whole and checks them: the size always, the digest where the content names one.
    func get(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) -> ByteBuffer

    /// Reads some of the bytes, as many as the range has. Nothing but their number and their place is checked.
    func get(
        _ range: Range<Int>,
        of content: ImageContent,
        for call: StorageCall
    ) async throws(StorageTrouble)
        -> ByteBuffer

    /// Whether the bytes are there, in their whole length; throws what is wrong otherwise.
    func head(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble)

    /// Removes an asset, unless a version refers to it.
    func delete(_ sha256: String, for call: StorageCall) async throws(StorageTrouble)
}

/// What storage says of bytes that it took.
package struct StoredAsset: Sendable, Hashable {
    /// Where the bytes are: a URI reference, passed on verbatim.
    package var url: String
    /// Whether this `PUT` brought them (201), and not an earlier one (200).
    package var isNew: Bool

    package init(url: String, isNew: Bool) {
        self.url = url
        self.isNew = isNew
    }
}
