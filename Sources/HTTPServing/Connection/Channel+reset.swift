import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Channel {
    /// Resets the socket: with no time to linger, to close it sends RST.
    func reset() -> EventLoopFuture<Void> {
        guard let options = self as? any SocketOptionProvider else { return close() }
        return options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).flatMap { self.close() }
    }
}
