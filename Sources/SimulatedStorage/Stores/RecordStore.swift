import HubProtocol

/// Where records, versions, remembered operations, pending events and what is known of assets are kept.
///
/// A decision is made on one consistent state and its changes are applied as one transaction: all of them or none,
/// one transaction after the other. So effect, remembered reply and event can never part.
///
///     let count = try await store.transact(.reading) { reader throws(RecordStoreError) in
///         (try reader.usage().images, [])
///     }
public protocol RecordStore: Sendable {
    /// Lets `decide` look at the state, applies the changes that it returns and hands on its outcome.
    ///
    /// `decide` is called once, or again where a transaction had to be repeated; only its last result counts. With
    /// `.reading` it may return no change but `.remember` of an operation without a reply.
    /// When this returns, the changes will survive whatever the store survives.
    func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @escaping @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome
}

/// What a transaction needs: a store may let several read at the same time.
public enum RecordAccess: Sendable, Hashable {
    case reading, writing
}

/// The state that a decision is made on. It is valid only while `decide` runs.
public protocol RecordReader {
    /// What is remembered of an operation id.
    func operation(_ operationID: String) throws(RecordStoreError) -> RememberedOperation?

    /// An image with its newest content.
    func image(_ id: String) throws(RecordStoreError) -> ImageRecord?
    /// One version of an image, from 1.
    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion?
    /// A page of an image's versions, ascending.
    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion]
    /// A page of the images that match, by `created_at`, then by the bytes of `id`.
    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord]
    /// How many images match.
    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int

    /// What is known of an asset.
    func asset(_ name: String) throws(RecordStoreError) -> StoredAsset?
    /// Assets that no version refers to and that have been idle since this time or longer, the longest idle first.
    func idleAssets(since: Timestamp, limit: Int) throws(RecordStoreError) -> [StoredAsset]

    /// The oldest events that wait to be published, in order.
    func pendingEvents(limit: Int) throws(RecordStoreError) -> [PendingEvent]

    /// How much there is of everything.
    func usage() throws(RecordStoreError) -> StoreUsage
}

/// A store could not be read or written. The operation is answered with `INTERNAL_ERROR`, or with `STORAGE_FULL` where
/// the medium has no more room; nothing of it has remained.
public struct RecordStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for the log; never shown to a caller.
    public let description: String
    /// Whether it is that the medium has no more room.
    public let isFull: Bool

    public init(_ description: String, isFull: Bool = false) {
        self.description = description
        self.isFull = isFull
    }
}
