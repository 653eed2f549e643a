import AMQP

/// An exchange at one moment; the default one's name is empty.
public struct ExchangeSnapshot: Sendable, Hashable {
    public var vhost: String
    public var name: String
    public var kind: String
    public var isDurable: Bool
    public var isAutoDelete: Bool
    public var isInternal: Bool
    public var arguments: FieldTable
    /// Messages published to it since it was declared.
    public var publishedCount: UInt64
}

extension ExchangeSnapshot {
    init(_ exchange: Exchange, _ host: VirtualHost) {
        vhost = host.name
        name = exchange.name
        kind = exchange.kind.rawValue
        isDurable = exchange.isDurable
        isAutoDelete = exchange.isAutoDelete
        isInternal = exchange.isInternal
        arguments = exchange.arguments
        publishedCount = exchange.publishedCount
    }
}
