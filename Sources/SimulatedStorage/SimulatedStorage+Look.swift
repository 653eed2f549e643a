import HubProtocol
import NIOCore

/// What is in a storage, for people who look at it.
extension SimulatedStorage {
    /// The namespaces that have begun, beside the default one.
    public var namespaces: [String] { spaces.all.map(\.namespace).filter { !$0.isEmpty } }

    /// The newest images of a namespace, the newest first, and how many there are.
    /// - Parameter namespace: empty for the default one.
    public func newestImages(
        namespace: String = "",
        limit: Int
    ) async throws(RecordStoreError) -> (images: [ImageRecord], total: Int) {
        guard let space = spaces.existing(namespace) else { return ([], 0) }
        return try await space.core.records.transact(.reading) { reader throws(RecordStoreError) in
            let total = try reader.imageCount(matching: ImageFilter())
            let images = try reader.images(matching: ImageFilter(), skip: max(0, total - limit), limit: limit)
            return ((images.reversed(), total), [])
        }
    }

    /// The bytes of an asset with their media type; nil: there is none of this name.
    public func asset(
        _ name: String,
        namespace: String = ""
    ) async throws -> (contentType: String, bytes: ByteBuffer)? {
        guard let (asset, bytes) = try await spaces.existing(namespace)?.core.assets.get(name) else { return nil }
        return (asset.contentType, bytes)
    }
}
