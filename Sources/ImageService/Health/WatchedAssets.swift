import HubProtocol
import NIOCore

/// An asset client whose outcomes are watched.
package struct WatchedAssets: AssetClient {
    private let assets: any AssetClient
    private let outcomes: StorageOutcomes

    package init(_ assets: any AssetClient, outcomes: StorageOutcomes) {
        self.assets = assets
        self.outcomes = outcomes
    }

    package func put(_ image: UploadedImage, for call: StorageCall) async throws(StorageTrouble) -> StoredAsset {
        try await watching(outcomes.assetWrites) { () async throws(StorageTrouble) in
            try await assets.put(image, for: call)
        }
    }

    package func get(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) -> ByteBuffer {
        try await watching(outcomes.assetReads) { () async throws(StorageTrouble) in
            try await assets.get(content, for: call)
        }
    }

    package func get(
        _ range: Range<Int>,
        of content: ImageContent,
        for call: StorageCall
    ) async throws(StorageTrouble) -> ByteBuffer {
        try await watching(outcomes.assetReads) { () async throws(StorageTrouble) in
            try await assets.get(range, of: content, for: call)
        }
    }

    package func head(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) {
        try await watching(outcomes.assetReads) { () async throws(StorageTrouble) in
            try await assets.head(content, for: call)
        }
    }

    /// Not watched: it cleans up after a request, and no client waits for what it comes to.
    package func delete(_ sha256: String, for call: StorageCall) async throws(StorageTrouble) {
        try await assets.delete(sha256, for: call)
    }

    private func watching<Value>(
        _ outcomes: RequestOutcomes,
        _ request: () async throws(StorageTrouble) -> Value
    ) async throws(StorageTrouble) -> Value {
        let number = outcomes.began()
        do {
            let value = try await request()
            outcomes.ended(number, .answered)
            return value
        } catch {
            outcomes.ended(number, RequestOutcomes.Outcome(ofAssetRequest: error))
            throw error
        }
    }
}
