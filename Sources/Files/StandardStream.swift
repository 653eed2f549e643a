#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Standard output and standard error, written to without minding whether anybody reads.
///
/// A reader that went away, or a full disk, must not end a service that has work under way: what cannot be written is
/// lost, and that is all. (Foundation's `FileHandle.write` ends the process there.)
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of it, or as much as is taken.
    package func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #elseif canImport(Glibc)
                    let count = Glibc.write(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #else
                    let count = Musl.write(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// A broken pipe is told by the call that meets it, not by a signal that ends the process.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
