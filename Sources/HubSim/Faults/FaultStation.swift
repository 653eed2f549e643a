import AMQP
import FaultPlan
import MessageHub

/// Where faults wait between the doors and the broker: what is armed, and what of it still goes on.
///
/// Owned by the hub and changed under its lock. With nothing armed and nothing going on, a batch costs one look at
/// each of two numbers.
struct FaultStation {
    /// A channel for as long as it is open.
    struct ChannelKey: Hashable {
        let connection: ConnectionID
        let channel: UInt16
    }

    /// A publish whose confirm is held back.
    struct Withheld {
        /// nil: for ever.
        let ms: Int?
        /// Tells it from one of the same number on a channel that was opened anew.
        let number: UInt64
        /// Set once the broker has spoken: whether it took the publish.
        var isTaken: Bool?
    }

    /// A delivery that others overtake.
    struct Held {
        var delivery: Delivery
        var behind: Int
        let number: UInt64
    }

    /// Something that a fault does later.
    enum Timer: Sendable {
        case confirm(ConnectionID, UInt16, sequence: UInt64, number: UInt64)
        case release(ConnectionID, UInt16, number: UInt64)
        case unblock(ConnectionID)
    }

    let armed: ArmedFaults
    var withheld: [ChannelKey: [UInt64: Withheld]] = [:]
    var held: [ChannelKey: Held] = [:]
    /// Connections that a fault has blocked.
    var blocked: Set<ConnectionID> = []
    /// What is to be scheduled.
    var timers: [(afterMs: Int, timer: Timer)] = []
    /// Confirms that may be held back at once, over all channels. Past it, rules about confirms match nothing.
    static let withheldMax = 100_000
    private(set) var withheldCount = 0
    private var lastNumber: UInt64 = 0

    init(armed: ArmedFaults) { self.armed = armed }

    // The kinds that can strike at each point.
    static let publishKinds = FaultKindSet.hub(at: .publish)
    static let deliveryKinds = FaultKindSet.hub(at: .delivery)
    static let connectKinds: FaultKindSet = [
        .latency, .bandwidth, .splitFrames, .missedHeartbeats, .halfOpen, .resetConnection, .corruptFrame,
        .truncateFrame,
    ]
    static let methodKinds = FaultKindSet(
        FaultKind.allCases.filter {
            $0.side == .hub && !Set($0.phases).isDisjoint(with: [.acknowledge, .declare, .consume])
        }
    )
    static let commandKinds = FaultKindSet(
        FaultKind.allCases.filter { publishKinds.contains($0) || methodKinds.contains($0) }
    )
    /// On a channel without confirms these have nothing to strike.
    static let kindsWithoutConfirms = FaultKindSet(
        FaultKind.allCases.filter {
            publishKinds.contains($0) && $0 != .nackPublish && $0 != .dropConfirm && $0 != .delayConfirm
        }
    )

    /// Whether any command could be struck.
    var watchesCommands: Bool { armed.isArmed(Self.commandKinds) }

    /// Whether any directive could be struck, or meets a fault that goes on.
    var watchesDirectives: Bool {
        armed.isArmed(Self.deliveryKinds) || !withheld.isEmpty || !held.isEmpty || !blocked.isEmpty
    }

    mutating func number() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func effect(
        _ subject: @autoclosure () -> FaultSubject,
        among kinds: FaultKindSet,
        at phase: FaultPhase
    ) -> FaultEffect? {
        guard let decision = armed.decide(subject(), among: kinds, at: phase) else { return nil }
        return HubFaults.effect(of: decision, seed: armed.plan.seed)
    }

    mutating func withhold(_ sequence: UInt64, on key: ChannelKey, ms: Int?) {
        withheld[key, default: [:]][sequence] = Withheld(ms: ms, number: number())
        withheldCount += 1
    }

    mutating func unwithhold(_ sequence: UInt64, on key: ChannelKey) {
        guard withheld[key]?.removeValue(forKey: sequence) != nil else { return }
        withheldCount -= 1
        if withheld[key]?.isEmpty == true { withheld[key] = nil }
    }

    /// A channel is gone.
    mutating func forget(_ key: ChannelKey) {
        withheldCount -= withheld.removeValue(forKey: key)?.count ?? 0
        held[key] = nil
    }

    /// A connection is gone.
    mutating func forget(_ id: ConnectionID) {
        for key in withheld.keys where key.connection == id { forget(key) }
        for key in held.keys where key.connection == id { forget(key) }
        blocked.remove(id)
    }
}
