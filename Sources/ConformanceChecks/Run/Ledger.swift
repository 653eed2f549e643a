import Synchronization

/// What a run has made, so that it can be removed, and nothing else.
final class Ledger: Sendable {
    private struct State {
        /// In the order in which they were made.
        var images: [String] = []
        var deleted: Set<String> = []
        /// The operation that made an image.
        var makers: [String: String] = [:]
        var hasReusedID = false
        var types: Set<String> = []
        var assets: [String] = []
        var removedAssets: Set<String> = []
    }

    private let state = Mutex(State())

    func made(image: String) { state.withLock { if !$0.images.contains(image) { $0.images.append(image) } } }
    func made(image: String, by operationID: String) {
        made(image: image)
        state.withLock { state in
            if state.makers[image, default: operationID] != operationID { state.hasReusedID = true }
            state.makers[image] = operationID
        }
    }
    /// Whether two operations of this run made images with the same id.
    var hasReusedID: Bool { state.withLock { $0.hasReusedID } }
    func deleted(image: String) { state.withLock { _ = $0.deleted.insert(image) } }
    /// A `type` that images of this run have; nobody else's have it.
    func used(type: String) { state.withLock { _ = $0.types.insert(type) } }
    func made(asset: String) { state.withLock { if !$0.assets.contains(asset) { $0.assets.append(asset) } } }
    func removed(asset: String) { state.withLock { _ = $0.removedAssets.insert(asset) } }

    var images: [String] { state.withLock { state in state.images.filter { !state.deleted.contains($0) } } }
    var allImages: [String] { state.withLock { $0.images } }
    var assetsMade: Int { state.withLock { $0.assets.count } }
    var types: [String] { state.withLock { $0.types.sorted() } }
    var assets: [String] { state.withLock { state in state.assets.filter { !state.removedAssets.contains($0) } } }
}
