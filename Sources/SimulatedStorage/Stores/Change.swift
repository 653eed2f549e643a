import HubProtocol

/// One change of a store, as the engine decides it. What one decision holds is applied as one transaction.
///
/// A change is valid on the state that it was decided on; the store need not check it again.
public enum Change: Sendable, Hashable {
    /// A new image with its version 1, which refers to its asset where it has one.
    case insertImage(ImageRecord)
    /// Other metadata and another `updated_at` for an image; its content stays.
    case updateImage(ImageRecord)
    /// The record's content becomes the image's newest version, which refers to its asset where it has one.
    case addVersion(ImageRecord)
    /// The image goes with all its versions; the assets that they referred to are released at this time.
    case deleteImage(id: String, releasedAt: Timestamp)

    /// An asset whose bytes have been written.
    case insertAsset(StoredAsset)
    /// An asset that was put again.
    case touchAsset(name: String, at: Timestamp)
    /// An asset that nothing refers to goes. Its bytes are removed afterwards.
    case removeAsset(name: String)

    /// An operation is remembered. Those without a reply need not survive a restart.
    case remember(RememberedOperation)
    /// At most `limit` operations that were carried out before this time are forgotten, the oldest first.
    case forgetOperations(before: Timestamp, limit: Int)

    /// An event to be published, after all that are pending.
    case publish(StorageEvent)
    /// These events have been published.
    case forgetEvents(sequences: Set<Int64>)
}
