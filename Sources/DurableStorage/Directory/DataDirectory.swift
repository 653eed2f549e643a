import Glibc

/// A directory that one process has for itself until it is released, or this value goes.
///
///     DIR/lock               who has it; locked with flock(2), so that the lock ends with the process
///     DIR/records.sqlite     records, operations, events, and what is known of assets
///     DIR/assets/incoming/   bytes that are being written
///     DIR/assets/ab/         the bytes of assets whose names begin with ab
final class DataDirectory: Sendable {
    let path: String
    private let lock: FileDescriptor

    var database: String { path + "/records.sqlite" }
    var assets: String { path + "/assets" }

    /// Makes the directory where it is not there (mode 0700), and takes it.
    init(_ path: String, holder: String) throws(DurableStoreError) {
        self.path = path
        do {
            try FileSystem.makeDirectory(path)
            try FileSystem.synchronize(directory: FileSystem.parent(of: path))
            lock = try FileDescriptor(opening: path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, mode: 0o600)
            guard try lock.lock() else {
                let other = try String(decoding: lock.readAll(), as: UTF8.self)
                throw DurableStoreError.inUse(directory: path, by: other.isEmpty ? "another process" : other)
            }
            try lock.truncate()
            try lock.write(Array(holder.utf8)[...])
        } catch let error as DurableStoreError {
            throw error
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// Lets others have it.
    func release() throws(FileError) { try lock.unlock() }
}
