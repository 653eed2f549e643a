/// One side of one connection: what carries out the broker's directives for it, on a socket or in-process.
package protocol Door: AnyObject, Sendable {
    /// Takes directives for the connection, in order. The hub is locked meanwhile: keep them and do not call the hub.
    /// - Returns: whether `wake` is to be called, because there was nothing to do before.
    func take(_ directives: ArraySlice<Directive>) -> Bool

    /// There are directives to carry out. The hub is no longer locked.
    func wake()
}
