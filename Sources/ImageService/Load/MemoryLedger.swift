/// Who holds how much of the memory that requests may take together (`MAX_INFLIGHT_BYTES`): a value without a clock.
///
/// Two kinds of memory are counted. Bytes in transfer (uploads and downloads) are held for as long as a peer is slow;
/// they are given at once or refused at once. Memory for decoding is held while a thread works, so a decode may wait
/// its turn. So that uploads which all wait to be decoded cannot hold everything, a part is never given to transfers
/// unless there is only one.
///
///     var ledger = MemoryLedger(bytesMax: 100, waitersMax: 8)
///     ledger.transferAsked(60)                  // true
///     ledger.decodeAsked(50, waiter: 1)         // .queued
///     ledger.released(60, of: .transfer)        // [1]: granted now
package struct MemoryLedger: Sendable {
    package enum Kind: Sendable, Hashable {
        case transfer
        case decode
    }

    package enum DecodeAnswer: Sendable, Hashable {
        case granted
        case queued
        /// More than there is in all, or too many wait already.
        case refused
    }

    private struct Waiter: Sendable {
        var id: UInt64
        var bytes: Int
    }

    package let bytesMax: Int
    private let transferBytesMax: Int
    private let waitersMax: Int
    private var waiters: [Waiter] = []
    package private(set) var transferBytes = 0
    package private(set) var decodeBytes = 0

    package init(bytesMax: Int, waitersMax: Int) {
        precondition(bytesMax >= 0 && waitersMax >= 0, "Cannot count with negative limits")
        self.bytesMax = bytesMax
        self.waitersMax = waitersMax
        transferBytesMax = bytesMax - bytesMax / 4
    }

    /// Decodes that wait for their turn.
    package var waiting: Int { waiters.count }

    package var usedBytes: Int { transferBytes + decodeBytes }

    /// Whether so much more may be held for a transfer, which then counts as held.
    package mutating func transferAsked(_ bytes: Int) -> Bool {
        precondition(bytes >= 0, "Cannot hold \(bytes) bytes")
        guard bytes > 0 else { return true }
        let share = transferBytes == 0 ? bytesMax : transferBytesMax
        guard bytes <= share - transferBytes, bytes <= bytesMax - usedBytes else { return false }
        transferBytes += bytes
        return true
    }

    /// Whether so much may be held for decoding. First come, first served, also where a later one would fit: otherwise
    /// a large image would wait for as long as small ones come.
    package mutating func decodeAsked(_ bytes: Int, waiter id: UInt64) -> DecodeAnswer {
        precondition(bytes >= 0, "Cannot hold \(bytes) bytes")
        guard bytes <= bytesMax else { return .refused }
        if decodeAskedAtOnce(bytes) { return .granted }
        guard waiters.count < waitersMax else { return .refused }
        waiters.append(Waiter(id: id, bytes: bytes))
        return .queued
    }

    /// Whether so much may be held for decoding now, which then counts as held. Nobody who waits is overtaken.
    package mutating func decodeAskedAtOnce(_ bytes: Int) -> Bool {
        guard waiters.isEmpty, bytes <= bytesMax - usedBytes else { return false }
        decodeBytes += bytes
        return true
    }

    /// Gives memory back and tells who of the waiting has got theirs by it.
    package mutating func released(_ bytes: Int, of kind: Kind) -> [UInt64] {
        switch kind {
        case .transfer:
            precondition(bytes <= transferBytes, "Cannot give back more than is held")
            transferBytes -= bytes
        case .decode:
            precondition(bytes <= decodeBytes, "Cannot give back more than is held")
            decodeBytes -= bytes
        }
        return grantInOrder()
    }

    /// Takes a waiter that gave up out of the queue, and tells who moves up; `nil` where it waits no more.
    package mutating func gaveUp(_ id: UInt64) -> [UInt64]? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        waiters.remove(at: index)
        return grantInOrder()
    }

    private mutating func grantInOrder() -> [UInt64] {
        var granted: [UInt64] = []
        while let first = waiters.first, first.bytes <= bytesMax - usedBytes {
            waiters.removeFirst()
            decodeBytes += first.bytes
            granted.append(first.id)
        }
        return granted
    }
}
