import MessageHub
import Synchronization

/// Counts the messages of one connection that wait for their confirm, and their bytes, against the limits.
final class InFlightGauge: Sendable {
    private let count = Atomic(0)
    private let bytes = Atomic(0)
    private let countMax: Int
    private let bytesMax: Int

    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// Takes a place for one message. A single message larger than the limit still fits when nothing else is there.
    func admit(bytes size: Int) throws(HubError) {
        let countBefore = count.wrappingAdd(1, ordering: .relaxed).oldValue
        let bytesBefore = bytes.wrappingAdd(size, ordering: .relaxed).oldValue
        if countBefore >= countMax || (bytesBefore > 0 && bytesBefore + size > bytesMax) {
            release(bytes: size)
            let limit = countBefore >= countMax ? "\(countMax) messages" : "\(bytesMax) bytes"
            throw HubError.overloaded("\(limit) wait for their confirm")
        }
    }

    func release(bytes size: Int) {
        count.wrappingSubtract(1, ordering: .relaxed)
        bytes.wrappingSubtract(size, ordering: .relaxed)
    }

    /// Messages that wait now.
    var inFlight: Int { count.load(ordering: .relaxed) }
}
