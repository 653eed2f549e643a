import AMQP

/// A binding at one moment. Those of the default exchange are not among them: every queue is bound to it by its name.
public struct BindingSnapshot: Sendable, Hashable {
    public var vhost: String
    public var source: String
    public var destination: String
    /// Whether it leads to a queue; else to an exchange.
    public var isToQueue: Bool
    public var routingKey: String
    public var arguments: FieldTable
}

extension BindingSnapshot {
    init(_ key: BindingKey, _ exchange: Exchange, _ host: VirtualHost) {
        vhost = host.name
        source = exchange.name
        switch key.destination {
        case .queue(let name): (destination, isToQueue) = (name.text, true)
        case .exchange(let name): (destination, isToQueue) = (name.text, false)
        }
        routingKey = key.routingKey.text
        arguments = key.arguments
    }
}
