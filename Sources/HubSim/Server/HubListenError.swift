import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The hub's address cannot be listened on: it is in use, for example. Fit to be shown to whoever started the program.
public struct HubListenError: Error, Sendable, CustomStringConvertible {
    /// One line: `cannot listen on 127.0.0.1:5672: Address already in use`.
    public let description: String

    init(place: String, cause: any Error) {
        let reason =
            if let error = cause as? IOError, let text = strerror(error.errnoCode) {
                String(cString: text)
            } else {
                "\(cause)"
            }
        description = "cannot listen on \(place): \(reason)"
    }
}
