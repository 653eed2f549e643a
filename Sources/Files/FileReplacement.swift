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
