import Synchronization

/// What connections hold outside of the broker: contents that are not complete, and output that sockets have not taken.
/// Past the limit of all together, the one that holds most has to go: it is no use to refuse the one that comes last.
final class SocketMemory: Sendable {
    /// One connection's part. It is told to give up from wherever another one took too much.
    private struct Holder {
        var bytes: Int
        let giveUp: @Sendable () -> Void
    }

    private struct State {
        var holders: [ObjectIdentifier: Holder] = [:]
        var totalBytes = 0
    }

    private let state = Mutex(State())
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What all connections together hold, as far as it was noted.
    var totalBytes: Int { state.withLock { $0.totalBytes } }

    /// Notes what a connection holds by now; 0 forgets it.
    func note(_ bytes: Int, of connection: ObjectIdentifier, giveUp: @escaping @Sendable () -> Void) {
        let largest = state.withLock { state -> Holder? in
            state.totalBytes += bytes - (state.holders[connection]?.bytes ?? 0)
            state.holders[connection] = bytes == 0 ? nil : Holder(bytes: bytes, giveUp: giveUp)
            guard state.totalBytes > bytesMax,
                let largest = state.holders.max(by: { $0.value.bytes < $1.value.bytes })
            else { return nil }
            // It goes, so it no longer counts.
            state.holders[largest.key] = nil
            state.totalBytes -= largest.value.bytes
            return largest.value
        }
        largest?.giveUp()
    }
}
