/// Optional arguments for all queues or exchanges whose names fit (RabbitMQ's policies). Of several that fit one, the one
/// with the highest priority holds alone.
struct Policy: Sendable, Hashable {
    /// What it is for; the words of definitions.
    enum Target: String, CaseIterable {
        case all
        case queues
        case classicQueues = "classic_queues"
        case quorumQueues = "quorum_queues"
        case streams
        case exchanges
    }

    var virtualHost: String
    var name: String
    var pattern: NamePattern
    var target = Target.all
    var priority: Int64 = 0

    var messageTTLMs: Int64?
    var expiresMs: Int64?
    var lengthMax: Int64?
    var bytesMax: Int64?
    var overflow: QueueOptions.Overflow?
    var deadLetterExchange: String?
    var deadLetterRoutingKey: String?
    var consumerTimeoutMs: Int64?
    var alternateExchange: String?

    /// Whether it is for queues of this `x-queue-type`.
    func isForQueues(ofType type: String) -> Bool {
        switch target {
        case .all, .queues: true
        case .classicQueues: type == "classic"
        case .quorumQueues: type == "quorum"
        case .streams: type == "stream"
        case .exchanges: false
        }
    }

    var isForExchanges: Bool { target == .all || target == .exchanges }
}

/// The policies of one vhost at work. Owned by the broker.
final class Policies {
    /// The highest priority first.
    private let policies: [(policy: Policy, matcher: NameMatcher)]

    init(_ policies: [Policy] = []) {
        self.policies = policies.sorted { $0.priority > $1.priority }.map { ($0, NameMatcher($0.pattern)) }
    }

    /// The highest priority first.
    var all: [Policy] { policies.map(\.policy) }

    func forQueue(_ name: String, type: String) -> Policy? {
        policies.first { $0.policy.isForQueues(ofType: type) && $0.matcher.fits(name) }?.policy
    }

    func forExchange(_ name: String) -> Policy? {
        policies.first { $0.policy.isForExchanges && $0.matcher.fits(name) }?.policy
    }
}

extension QueueOptions {
    /// The options with a policy's added: of two numbers the smaller one holds, of anything else the queue's own.
    func with(_ policy: Policy?) -> QueueOptions {
        guard let policy else { return self }
        var options = self
        options.messageTTLMs = Self.least(messageTTLMs, policy.messageTTLMs)
        options.expiresMs = Self.least(expiresMs, policy.expiresMs)
        options.lengthMax = Self.least(lengthMax, policy.lengthMax)
        options.bytesMax = Self.least(bytesMax, policy.bytesMax)
        options.consumerTimeoutMs = Self.least(consumerTimeoutMs, policy.consumerTimeoutMs)
        options.deadLetterExchange = deadLetterExchange ?? policy.deadLetterExchange
        options.deadLetterRoutingKey = deadLetterRoutingKey ?? policy.deadLetterRoutingKey
        options.overflow = overflow ?? policy.overflow
        return options
    }

    private static func least(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
