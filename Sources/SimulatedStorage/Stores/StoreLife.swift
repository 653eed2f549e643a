import FaultPlan
import Synchronization

/// Tells a store that goes on from one that begins.
///
/// Ids that come from a seed begin again with every process, and those of images that were deleted before must not come
/// again (HUB-CRE-001), though nothing in the store tells which those were. So they are others in each life of a store.
final class StoreLife: Sendable {
    /// Nil: not looked yet.
    private let known: Mutex<UInt64?>

    /// - Parameter isFresh: whether the store is known to be empty.
    init(isFresh: Bool) { known = Mutex(isFresh ? 0 : nil) }

    /// 0 for a store that was empty when it was opened, and for one that was looked at by nobody.
    var number: UInt64 { known.withLock { $0 } ?? 0 }

    /// Looks, once, what there is from before. To be done before the first effect.
    func look(at records: any RecordStore) async throws(RecordStoreError) {
        guard known.withLock({ $0 == nil }) else { return }
        let usage = try await records.transact(.reading) { reader throws(RecordStoreError) in (try reader.usage(), []) }
        // Nobody has an effect before this is known, so all who come here together have seen the same.
        known.withLock { known in
            if known == nil { known = Self.number(of: usage) }
        }
    }

    /// The store has been emptied.
    func beginAnew() { known.withLock { $0 = 0 } }

    private static func number(of usage: StoreUsage) -> UInt64 {
        guard usage.images > 0 || usage.operations > 0 else { return 0 }
        return FaultDraw.value(
            seed: UInt64(bitPattern: usage.oldestOperation?.millisecondsSinceEpoch ?? 0),
            rule: "\(usage.images)",
            key: "\(usage.versions)",
            nth: usage.operations
        )
    }
}
