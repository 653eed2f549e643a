#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file whose contents change as a whole: who reads it sees the old or the new, and never a part.
package struct FileReplacement: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Whether there is a file or nothing at the path: a pipe or a device cannot be replaced.
    package var isPossible: Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno == ENOENT }
        return status.st_mode & S_IFMT == S_IFREG
    }

    /// Throws where a file could not be made in its place, as far as that can be known before.
    package func check() throws(OutputFileError) {
        guard isPossible else {
            // A pipe or a device is written to as it is.
            if access(path, W_OK) != 0 { throw OutputFileError(path: path, code: errno) }
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                throw OutputFileError(path: path, code: EISDIR)
            }
            return
        }
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if access(folder, W_OK | X_OK) != 0 { throw OutputFileError(path: path, code: errno) }
    }

    /// Writes all of it beside the path, then renames it.
    package func write(_ bytes: [UInt8]) throws(OutputFileError) {
        let fresh = "\(path).\(getpid()).new"
        do throws(OutputFileError) {
            try OutputFile(path: fresh).write(bytes)
        } catch {
            unlink(fresh)
            throw error
        }
        guard rename(fresh, path) == 0 else {
            let code = errno
            unlink(fresh)
            throw OutputFileError(path: path, code: code)
        }
    }
}
