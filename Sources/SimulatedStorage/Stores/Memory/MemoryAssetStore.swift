import NIOCore
import Synchronization

/// An asset store in memory, with a bound on all its bytes together, those under way included.
public final class MemoryAssetStore: AssetStore {
    private struct State {
        var blobs: [BlobID: ByteBuffer] = [:]
        /// Bytes that are kept or that writers have asked for.
        var bytesTaken = 0
        var lastBlob = 0
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    /// - Parameter bytesMax: bytes of all assets together; past it, writing fails with `full`.
    public init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Bytes that are kept or being written.
    public var bytesTaken: Int { state.withLock(\.bytesTaken) }

    public func makeWriter(expectedBytes: Int?) throws(AssetStoreError) -> any AssetWriter {
        let writer = Writer(store: self)
        if let expectedBytes { try writer.reserve(expectedBytes) }
        return writer
    }

    public func read(_ blob: BlobID) -> ByteBuffer? { state.withLock { $0.blobs[blob] } }

    public func remove(_ blob: BlobID) {
        state.withLock { state in
            guard let bytes = state.blobs.removeValue(forKey: blob) else { return }
            state.bytesTaken -= bytes.readableBytes
        }
    }

    fileprivate func take(_ count: Int) throws(AssetStoreError) {
        let hasRoom = state.withLock { state in
            guard count <= bytesMax - state.bytesTaken else { return false }
            state.bytesTaken += count
            return true
        }
        guard hasRoom else { throw .full }
    }

    fileprivate func giveBack(_ count: Int) { state.withLock { $0.bytesTaken -= count } }

    fileprivate func keep(_ bytes: ByteBuffer) -> BlobID {
        state.withLock { state in
            state.lastBlob += 1
            let blob = BlobID("\(state.lastBlob)")
            state.blobs[blob] = bytes
            return blob
        }
    }

    private final class Writer: AssetWriter {
        private struct Draft {
            var bytes = ByteBuffer()
            /// Bytes that the store counts for this writer: at least those that are here.
            var taken = 0
            var isEnded = false
        }

        private let store: MemoryAssetStore
        private let draft = Mutex(Draft())

        init(store: MemoryAssetStore) { self.store = store }

        func reserve(_ count: Int) throws(AssetStoreError) {
            try store.take(count)
            draft.withLock { draft in
                draft.taken += count
                draft.bytes.reserveCapacity(count)
            }
        }

        func append(_ bytes: ByteBuffer) throws(AssetStoreError) {
            let missing = draft.withLock { max(0, $0.bytes.readableBytes + bytes.readableBytes - $0.taken) }
            try store.take(missing)
            draft.withLock { draft in
                precondition(!draft.isEnded, "Cannot append to bytes that are finished or discarded")
                draft.taken += missing
                draft.bytes.writeImmutableBuffer(bytes)
            }
        }

        func finish(as _: String) -> BlobID {
            let (bytes, spare) = draft.withLock { draft in
                precondition(!draft.isEnded, "Cannot finish bytes twice")
                draft.isEnded = true
                // What a growing buffer took beyond its bytes is given back.
                let isTight = draft.bytes.capacity <= draft.bytes.readableBytes * 9 / 8
                let bytes = isTight ? draft.bytes : ByteBuffer(bytes: draft.bytes.readableBytesView)
                return (bytes, draft.taken - bytes.readableBytes)
            }
            store.giveBack(spare)
            return store.keep(bytes)
        }

        func discard() {
            let taken = draft.withLock { draft in
                defer { draft = Draft(isEnded: true) }
                return draft.taken
            }
            store.giveBack(taken)
        }
    }
}
