import Glibc

/// What the operating system said to a call on a file.
struct FileError: Error, Hashable, CustomStringConvertible {
    let call: String
    let path: String
    let number: Int32

    init(_ call: String, _ path: String) {
        number = errno
        self.call = call
        self.path = path
    }

    var isNotThere: Bool { number == ENOENT }
    var isThere: Bool { number == EEXIST }
    /// No room on the disk, or none left of a quota.
    var isFull: Bool { number == ENOSPC || number == EDQUOT }
    var description: String { "\(call) \(path): \(String(cString: strerror(number)))" }
}

/// Calls on names of files, each with its errors.
enum FileSystem {
    /// Makes a directory that only this user may enter, unless it is there.
    static func makeDirectory(_ path: String) throws(FileError) {
        guard mkdir(path, 0o700) != 0 else { return }
        let error = FileError("mkdir", path)
        var status = stat()
        guard error.isThere, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw error }
    }

    static func rename(_ from: String, to: String) throws(FileError) {
        guard Glibc.rename(from, to) == 0 else { throw FileError("rename", from) }
    }

    /// Removes a file; tells whether it was there.
    @discardableResult
    static func remove(_ path: String) throws(FileError) -> Bool {
        guard unlink(path) != 0 else { return true }
        let error = FileError("unlink", path)
        guard error.isNotThere else { throw error }
        return false
    }

    /// Bytes of a file; `nil` where it is not there.
    static func size(of path: String) throws(FileError) -> Int? {
        var status = stat()
        guard stat(path, &status) != 0 else { return Int(status.st_size) }
        let error = FileError("stat", path)
        guard error.isNotThere else { throw error }
        return nil
    }

    /// A change of names survives the machine only once their directory is written.
    static func synchronize(directory path: String) throws(FileError) {
        try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_CLOEXEC).synchronize()
    }

    /// The directory that a path names something in.
    static func parent(of path: String) -> String {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
    }

    /// A file in a directory.
    struct Entry: Hashable {
        let name: String
        let size: Int
        /// Milliseconds since 1970.
        let modifiedMs: Int64
    }

    /// The files in a directory, in no order.
    static func files(in path: String) throws(FileError) -> [Entry] {
        guard let directory = opendir(path) else { throw FileError("opendir", path) }
        defer { closedir(directory) }
        var entries: [Entry] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            // One that has gone since is none.
            guard stat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            entries.append(
                Entry(
                    name: name,
                    size: Int(status.st_size),
                    modifiedMs: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
                )
            )
        }
        return entries
    }
}
