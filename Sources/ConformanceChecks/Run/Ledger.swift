import Synchronization

/// What a run has made, so that it can be removed, and nothing else.
final class Ledger: Sendable {
    private struct State {
        /// In the order in which they were made.
        var images: [String] = []
        var knownImages: Set<String> = []
        var deleted: Set<String> = []
        /// The operation that made an image.
        var makers: [String: String] = [:]
        var hasReusedID = false
        var types: Set<String> = []
        /// Assets that were sent, whether that was answered or not.
        var assets: [String] = []
        /// Those of them that are known to have been there.
        var keptAssets: Set<String> = []
        var removedAssets: Set<String> = []
    }

    private let state = Mutex(State())

    func made(image: String) {
        state.withLock { if $0.knownImages.insert(image).inserted { $0.images.append(image) } }
    }
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
    /// An asset is about to be sent: from now on it may be there.
    func sending(asset: String) {
        state.withLock { state in
            if !state.assets.contains(asset) { state.assets.append(asset) }
            state.removedAssets.remove(asset)
        }
    }
    /// Nothing of it has left this process.
    func neverSent(asset: String) {
        state.withLock { state in
            if !state.keptAssets.contains(asset) { state.assets.removeAll { $0 == asset } }
        }
    }
    /// The service said that it has it.
    func made(asset: String) { state.withLock { _ = $0.keptAssets.insert(asset) } }
    func removed(asset: String) { state.withLock { _ = $0.removedAssets.insert(asset) } }

    var images: [String] { state.withLock { state in state.images.filter { !state.deleted.contains($0) } } }
    var allImages: [String] { state.withLock { $0.images } }
    var assetsMade: Int { state.withLock { $0.keptAssets.count } }
    var types: [String] { state.withLock { $0.types.sorted() } }
    /// All that may ever have been there.
    var sentAssets: [String] { state.withLock { $0.assets } }
    /// Those that are not known to be gone.
    var assets: [String] { state.withLock { state in state.assets.filter { !state.removedAssets.contains($0) } } }
}
