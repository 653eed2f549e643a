#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file or standard stream that is only ever written to, in whole pieces.
package final class OutputFile: Sendable {
    package let path: String
    private let descriptor: Int32
    private let isOwned: Bool

    /// Makes the file anew, readable by its owner alone.
    package init(path: String) throws(OutputFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        isOwned = true
        guard descriptor >= 0 else { throw OutputFileError(path: path, code: errno) }
    }

    /// A stream that is open already and is not closed here.
    package init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        isOwned = false
    }

    /// Writes all of it, however long that takes.
    package func write(_ bytes: [UInt8]) throws(OutputFileError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                #if canImport(Glibc)
                    return Glibc.write(descriptor, base + start, buffer.count - start)
                #elseif canImport(Musl)
                    return Musl.write(descriptor, base + start, buffer.count - start)
                #else
                    return Darwin.write(descriptor, base + start, buffer.count - start)
                #endif
            }
            if count < 0 {
                guard errno == EINTR else { throw OutputFileError(path: path, code: errno) }
                continue
            }
            start += count
        }
    }

    deinit {
        // What it could say now is not worth knowing: everything was written.
        if isOwned { close(descriptor) }
    }
}

/// A file cannot be made or written. Fit to be shown to whoever started the program.
public struct OutputFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line: `cannot write hub.pcap: Permission denied`.
    public let description: String

    init(path: String, code: Int32) {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        description = "cannot write \(path): \(reason)"
    }
}
