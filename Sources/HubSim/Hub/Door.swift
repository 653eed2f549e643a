/// One side of one connection: what carries out the broker's directives for it, on a socket or in-process.
package protocol Door: AnyObject, Sendable {
    /// Takes directives for the connection, in order. The hub is locked meanwhile: keep them and do not call the hub.
    /// - Returns: whether `wake` is to be called, because there was nothing to do before.
    func take(_ directives: ArraySlice<Directive>) -> Bool

    /// There are directives to carry out. The hub is no longer locked.
    func wake()

    /// What has gone over its socket.
    var traffic: Traffic { get }
}

/// Bytes over a socket, before TLS.
package struct Traffic: Sendable, Hashable {
    package var receivedBytes: UInt64 = 0
    package var sentBytes: UInt64 = 0
}

extension Door {
    /// Nothing, where there is no socket.
    package var traffic: Traffic { Traffic() }
}
