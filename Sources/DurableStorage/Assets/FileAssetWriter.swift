import Glibc
import NIOCore
import SimulatedStorage
import Synchronization

/// Bytes on their way into a file.
final class FileAssetWriter: AssetWriter {
    private struct Draft {
        var file: FileDescriptor?
        var written = 0
        /// Bytes that the store counts for this writer: at least those that are written.
        var taken = 0
        var isEnded = false
    }

    private let store: FileAssetStore
    private let id: String
    private let draft = Mutex(Draft())

    init(store: FileAssetStore, id: String) {
        self.store = store
        self.id = id
    }

    private var path: String { store.incomingPath(id) }

    /// Opens the file. What is reserved is given back where that fails.
    func open(reserving count: Int) async throws(AssetStoreError) {
        try store.take(count)
        do {
            let path = path
            let file = try await store.run { () throws(FileError) in
                try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode: 0o600)
            }
            draft.withLock { draft in
                draft.file = file
                draft.taken = count
            }
        } catch {
            store.giveBack(count)
            throw error
        }
        store.reached(.assetOpened)
    }

    func append(_ bytes: ByteBuffer) async throws(AssetStoreError) {
        let (file, missing) = draft.withLock { draft in
            guard let file = draft.file, !draft.isEnded else {
                preconditionFailure("Cannot append to bytes that are finished or discarded")
            }
            return (file, max(0, draft.written + bytes.readableBytes - draft.taken))
        }
        try store.take(missing)
        draft.withLock { draft in
            draft.taken += missing
            draft.written += bytes.readableBytes
        }
        try await store.run { () throws(FileError) in
            var bytes = bytes
            try file.write(&bytes)
        }
        store.reached(.assetWritten)
    }

    func finish(as name: String) async throws(AssetStoreError) -> BlobID {
        guard let file = draft.withLock({ $0.file }) else { preconditionFailure("Cannot finish bytes twice") }
        let blob = AssetFolders.blob(name: name, id: id)
        let (store, path, target) = (store, path, store.path(of: blob))
        do {
            try await store.run { () throws(FileError) in
                try file.synchronize()
                store.reached(.assetSynchronized)
                try FileSystem.rename(path, to: target)
                store.reached(.assetNamed)
                try FileSystem.synchronize(directory: FileSystem.parent(of: target))
            }
        } catch {
            await abandon([path, target])
            throw error
        }
        let spare = draft.withLock { draft in
            draft.isEnded = true
            draft.file = nil
            return draft.taken - draft.written
        }
        store.giveBack(spare)
        store.reached(.assetKept)
        return blob
    }

    func discard() async { await abandon([path]) }

    /// Removes what was written, under whichever of these names it is. What cannot be removed now is at the next start.
    private func abandon(_ paths: [String]) async {
        let taken = draft.withLock { draft in
            defer { draft = Draft(isEnded: true) }
            return draft.taken
        }
        try? await store.run { () throws(FileError) in
            for path in paths { try FileSystem.remove(path) }
        }
        store.giveBack(taken)
    }
}
