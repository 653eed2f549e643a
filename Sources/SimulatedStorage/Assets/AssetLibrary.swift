import Crypto
import HubProtocol
import Logging
import MessageHub
import NIOCore

/// The assets: bytes under the name of their SHA-256 (contract §4), whatever stores keep them.
///
/// Bytes are written to a place of their own first and become an asset in one transaction, and are removed only after
/// they have ceased to be one. So a `PUT` never meets the removal of the same asset halfway: what a removal takes away
/// is not what the `PUT` has written.
public final class AssetLibrary: Sendable {
    private let rules: AssetRules
    private let records: any RecordStore
    private let bytes: any AssetStore
    private let time: TimeSource
    private let logger: Logger

    init(
        limits: StorageLimits,
        records: any RecordStore,
        bytes: any AssetStore,
        time: TimeSource,
        logger: Logger
    ) {
        rules = AssetRules(limits: limits)
        self.records = records
        self.bytes = bytes
        self.time = time
        self.logger = logger
    }

    /// Bytes of one asset at most.
    public var assetBytesMax: Int { rules.limits.assetBytesMax }

    /// What a `PUT` came to.
    public struct Receipt: Sendable, Hashable {
        /// Whether the asset was not there before.
        public let isNew: Bool
        /// Bytes.
        public let size: Int
    }

    /// Takes the bytes of an asset and keeps them, unless they are there already; verifies them in any case.
    ///
    /// - Parameters:
    ///   - name: 64 lower-case hex digits that the bytes must hash to.
    ///   - contentType: kept where the asset is new.
    ///   - expectedBytes: how many bytes there will be, where it is known.
    ///   - body: the bytes; its errors are handed on, and nothing is kept then.
    /// - Throws: `AssetError`, `RecordStoreError`, or what `body` throws.
    public func put<Body: AsyncSequence>(
        _ name: String,
        contentType: String,
        expectedBytes: Int?,
        body: Body
    ) async throws -> Receipt where Body.Element == ByteBuffer {
        guard AssetName.isValid(name) else { throw AssetError.digestMismatch }
        if try await meet(name) {
            let size = try await verify(body, name: name) { _ in }
            // Its time starts anew now that it has been put whole. Where a DELETE came in between, it came after the PUT.
            _ = try await meet(name)
            return Receipt(isNew: false, size: size)
        }
        let writer = try await makeWriter(expectedBytes: expectedBytes)
        let size: Int
        do {
            size = try await verify(body, name: name) { chunk throws(AssetStoreError) in try await writer.append(chunk)
            }
        } catch {
            await writer.discard()
            throw AssetError(error) ?? error
        }
        return Receipt(isNew: try await keep(name, size: size, contentType: contentType, writer), size: size)
    }

    /// Whether the asset is there; then it counts as put now.
    private func meet(_ name: String) async throws -> Bool {
        let now = time.timestamp()
        return try await records.transact(.writing) { reader throws(RecordStoreError) in
            try self.rules.meet(name, at: now, reading: reader)
        }
    }

    private func makeWriter(expectedBytes: Int?) async throws -> any AssetWriter {
        do {
            return try await bytes.makeWriter(expectedBytes: expectedBytes)
        } catch {
            throw AssetError(error) ?? error
        }
    }

    /// Hands every chunk to `take` and says how many bytes there were, once they have proved to be what the name says.
    private func verify<Body: AsyncSequence>(
        _ body: Body,
        name: String,
        take: (ByteBuffer) async throws(AssetStoreError) -> Void
    ) async throws -> Int where Body.Element == ByteBuffer {
        var hash = SHA256()
        var size = 0
        for try await chunk in body {
            size += chunk.readableBytes
            guard size <= assetBytesMax else { throw AssetError.tooLarge(bytesMax: assetBytesMax) }
            chunk.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
            try await take(chunk)
        }
        guard size > 0 else { throw AssetError.empty }
        guard AssetName.from(digest: hash.finalize()) == name else { throw AssetError.digestMismatch }
        return size
    }

    /// Makes written bytes an asset; says whether it is new.
    private func keep(_ name: String, size: Int, contentType: String, _ writer: any AssetWriter) async throws -> Bool {
        let blob: BlobID
        do {
            blob = try await writer.finish(as: name)
        } catch {
            throw AssetError(error) ?? error
        }
        let asset = StoredAsset(
            name: name,
            size: size,
            contentType: contentType,
            blob: blob,
            idleSince: time.timestamp()
        )
        let isNew: Bool
        do {
            isNew = try await records.transact(.writing) { reader throws(RecordStoreError) in
                try self.rules.keep(asset, reading: reader)
            }
        } catch {
            await removeBytes([blob])
            throw error
        }
        // Another PUT of the same bytes was faster; these are not needed.
        if !isNew { await removeBytes([blob]) }
        return isNew
    }

    /// What is known of an asset, with its bytes; `nil` where there is none.
    public func get(_ name: String) async throws -> (asset: StoredAsset, bytes: ByteBuffer)? {
        let asset = try await records.transact(.reading) { reader throws(RecordStoreError) in
            (try reader.asset(name), [])
        }
        // Bytes that are gone by now belonged to an asset that was removed in between.
        guard let asset, let bytes = try await bytes.read(asset.blob) else { return nil }
        return (asset, bytes)
    }

    /// Removes an asset that no version refers to.
    public func delete(_ name: String) async throws {
        let removal = try await records.transact(.writing) { reader throws(RecordStoreError) in
            try self.rules.remove(name, reading: reader)
        }
        switch removal {
        case .removed(let blob): await removeBytes([blob])
        case .unknown: throw AssetError.notFound
        case .inUse: throw AssetError.inUse
        }
    }

    /// Removes the assets that nothing refers to and whose time is over; says how many there were.
    @discardableResult
    public func collect() async throws -> Int {
        var count = 0
        while true {
            let now = time.timestamp()
            let blobs = try await records.transact(.writing) { reader throws(RecordStoreError) in
                try self.rules.collect(at: now, reading: reader)
            }
            guard !blobs.isEmpty else { return count }
            await removeBytes(blobs)
            count += blobs.count
        }
    }

    /// Removes all assets that nothing has referred to since this time.
    func removeIdle(since time: Timestamp) async throws {
        while true {
            let blobs = try await records.transact(.writing) { reader throws(RecordStoreError) in
                let assets = try reader.idleAssets(since: time, limit: self.rules.limits.housekeepingBatchMax)
                return (assets.map(\.blob), assets.map { Change.removeAsset(name: $0.name) })
            }
            guard !blobs.isEmpty else { return }
            await removeBytes(blobs)
        }
    }

    /// Removes bytes that belong to no asset any more. Where that fails they take room, and harm nothing else.
    private func removeBytes(_ blobs: [BlobID]) async {
        for blob in blobs {
            do {
                try await bytes.remove(blob)
            } catch {
                logger.warning("Bytes not removed", metadata: ["blob": .string(blob.text), "reason": "\(error)"])
            }
        }
    }
}
