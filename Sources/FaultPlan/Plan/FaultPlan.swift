/// What shall go wrong, and when: a seed and rules in order, of which the first that fires wins (contract §5).
///
///     {"seed": 42, "rules": [{"id": "late", "match": {"operation": "get_image"}, "fault": {"kind": "delay", "ms": 200}}]}
///
/// A plan is a value and decides nothing by itself: `FaultDecider` counts the requests and asks it.
public struct FaultPlan: Sendable, Hashable {
    /// Where the chances of all rules come from. The same seed gives the same faults.
    public var seed: UInt64
    public var rules: [FaultRule]

    public init(seed: UInt64, rules: [FaultRule]) {
        self.seed = seed
        self.rules = rules
    }

    /// No faults.
    public static let none = FaultPlan(seed: 0, rules: [])
}

/// One rule: what it looks at, when it fires, and what then goes wrong.
public struct FaultRule: Sendable, Hashable {
    /// The rule's name in the journal and the report; unique within a plan.
    public var id: String
    public var match: FaultMatch
    /// How often it fires among the requests that match; absent: always.
    public var chance: FaultChance?
    /// Where in the course of a request; absent: where the fault usually strikes, or the first point after it at which
    /// what the match asks for is known (`point`).
    public var phase: FaultPhase?
    /// The rule ends so many milliseconds after it was armed.
    public var ttlMs: Int?
    /// The rule ends after it fired so often.
    public var count: Int?
    public var fault: FaultSpecification

    public init(
        id: String,
        match: FaultMatch = FaultMatch(),
        chance: FaultChance? = nil,
        phase: FaultPhase? = nil,
        ttlMs: Int? = nil,
        count: Int? = nil,
        fault: FaultSpecification
    ) {
        self.id = id
        self.match = match
        self.chance = chance
        self.phase = phase
        self.ttlMs = ttlMs
        self.count = count
        self.fault = fault
    }
}

/// An integer ratio: `1/10` fires for one in ten requests.
public struct FaultChance: Sendable, Hashable, CustomStringConvertible {
    public let numerator: UInt32
    /// At least 1, and at least the numerator.
    public let denominator: UInt32

    public init?(_ numerator: UInt32, outOf denominator: UInt32) {
        guard denominator > 0, numerator <= denominator else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Reads `1/10`: digits alone, without zeros before them, and at most nine, as the schema says it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(Self.number)
        guard parts.count == 2, let numerator = parts[0], let denominator = parts[1] else { return nil }
        self.init(numerator, outOf: denominator)
    }

    private static func number(_ text: Substring) -> UInt32? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            text == "0" || !text.hasPrefix("0")
        else { return nil }
        return UInt32(text)
    }

    public var description: String { "\(numerator)/\(denominator)" }
}

/// A point at which a fault can strike: in the course of a storage request, or on the hub.
public enum FaultPhase: String, Sendable, Hashable, CaseIterable {
    // A storage request.
    case received
    case beforeEffect = "before_effect"
    case afterEffect = "after_effect"
    case beforeReply = "before_reply"
    case afterReply = "after_reply"
    case beforeAck = "before_ack"
    // The hub.
    /// A connection is opened.
    case connect
    /// A client publishes a message.
    case publish
    /// A message is about to go to a consumer.
    case delivery
    /// A client settles a delivery: acknowledges or rejects it.
    case acknowledge
    /// A client declares, binds, deletes or purges a queue or an exchange.
    case declare
    /// A client begins to consume.
    case consume
}
