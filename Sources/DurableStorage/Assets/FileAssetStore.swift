import Glibc
import NIOCore
import NIOPosix
import SimulatedStorage
import Synchronization

/// An asset store in a directory: one file for each write, named by what it holds.
///
/// `assets/ab/cdef….UUID` holds the bytes of an asset whose name is `abcdef…`; the UUID tells two writes of equal bytes
/// apart. A file has this name only once its bytes are on the disk: they are written under another one, synchronised and
/// renamed, and the name is synchronised before anybody learns of it.
public final class FileAssetStore: AssetStore {
    private let folder: String
    private let bytesMax: Int
    private let taken: Mutex<Int>
    private let ids: IDSource
    private let threads: NIOThreadPool
    private let onStep: StepObserver

    /// - Parameters:
    ///   - bytesTaken: what lies there already.
    ///   - bytesMax: bytes of all files together, those under way included; past it, writing fails with `full`.
    ///   - threads: where the disk is waited for, so that no event loop does.
    init(
        folder: String,
        bytesTaken: Int,
        bytesMax: Int,
        ids: IDSource,
        threads: NIOThreadPool = .singleton,
        onStep: @escaping StepObserver
    ) {
        self.folder = folder
        self.bytesMax = bytesMax
        taken = Mutex(bytesTaken)
        self.ids = ids
        self.threads = threads
        self.onStep = onStep
    }

    /// Bytes that are kept or being written.
    public var bytesTaken: Int { taken.withLock { $0 } }

    public func makeWriter(expectedBytes: Int?) async throws(AssetStoreError) -> any AssetWriter {
        let writer = FileAssetWriter(store: self, id: ids.next())
        try await writer.open(reserving: expectedBytes ?? 0)
        return writer
    }

    public func read(_ blob: BlobID) async throws(AssetStoreError) -> ByteBuffer? {
        let path = path(of: blob)
        return try await run { () throws(FileError) in
            let file: FileDescriptor
            do throws(FileError) {
                file = try FileDescriptor(opening: path, O_RDONLY | O_CLOEXEC)
            } catch {
                guard error.isNotThere else { throw error }
                return nil
            }
            return try file.readBuffer()
        }
    }

    public func remove(_ blob: BlobID) async throws(AssetStoreError) {
        let path = path(of: blob)
        let size = try await run { () throws(FileError) in
            let size = try FileSystem.size(of: path)
            // Where two remove it at the same time, only one gives its room back.
            return try FileSystem.remove(path) ? size : nil
        }
        if let size { giveBack(size) }
        onStep(.assetRemoved)
    }

    func take(_ count: Int) throws(AssetStoreError) {
        let hasRoom = taken.withLock { taken in
            guard count <= bytesMax - taken else { return false }
            taken += count
            return true
        }
        guard hasRoom else { throw .full }
    }

    func giveBack(_ count: Int) { taken.withLock { $0 -= count } }

    func path(of blob: BlobID) -> String { folder + "/" + blob.text }

    func incomingPath(_ id: String) -> String { AssetFolders.incoming(in: folder) + "/" + id }

    func reached(_ step: DurableStep) { onStep(step) }

    /// Does what may wait for the disk, on a thread that may.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(FileError) -> Result
    ) async throws(AssetStoreError) -> Result {
        do {
            return try await threads.runIfActive(body)
        } catch let error as FileError {
            throw error.isFull ? .full : .failed(error.description)
        } catch {
            throw .failed("\(error)")
        }
    }
}
