#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address cannot be listened on: it is in use, for example. Fit to be shown to whoever started the program.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    /// One line: `cannot listen on 127.0.0.1:8000: Address already in use`.
    public let description: String

    init(place: String, errno: CInt) {
        self.init(place: place, reason: strerror(errno).map { String(cString: $0) } ?? "error \(errno)")
    }

    init(place: String, reason: String) { description = "cannot listen on \(place): \(reason)" }
}
