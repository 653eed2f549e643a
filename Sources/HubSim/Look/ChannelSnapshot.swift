/// A channel at one moment.
public struct ChannelSnapshot: Sendable, Hashable {
    public var number: UInt16
    public var consumerTags: [String]
    public var unackedCount: Int
    public var isConfirming: Bool
    public var isTransactional: Bool
    /// `basic.qos` of the whole channel, and of each consumer that begins from now on; 0: no limit.
    public var prefetchMax: Int
    public var prefetchOfConsumersMax: Int
}

extension ChannelSnapshot {
    init(_ channel: BrokerChannel) {
        number = channel.number
        consumerTags = channel.consumers.keys.sorted().map(\.text)
        unackedCount = channel.unacked.count
        prefetchMax = channel.prefetchMax
        prefetchOfConsumersMax = channel.prefetchOfConsumersMax
        if case .confirming = channel.mode { isConfirming = true } else { isConfirming = false }
        if case .transactional = channel.mode { isTransactional = true } else { isTransactional = false }
    }
}
