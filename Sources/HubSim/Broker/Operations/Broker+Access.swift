import AMQP

/// Who may do what (RabbitMQ's access control); the texts are RabbitMQ's. A connection without `access` may do everything.
extension Broker {
    /// What the user may do in the vhost; nil: everything. Throws 530 `NOT_ALLOWED` where it may not open it.
    func access(_ userName: String, to host: String) throws(ProtocolError) -> VirtualHostAccess? {
        guard let permissions = permissions[userName] else { return nil }
        guard let granted = permissions[host] else {
            throw ProtocolError(
                .notAllowed,
                "access to vhost '\(host)' refused for user '\(userName)'",
                method: ConnectionOpen.id
            )
        }
        return granted == .all ? nil : VirtualHostAccess(granted)
    }

    func permit(_ permission: Permission, queue name: String, on channel: BrokerChannel) throws(ProtocolError) {
        guard let access = channel.connection.access, !access.grants(permission, on: name) else { return }
        throw refusal(permission, channel.connection.host.title(queue: name), channel)
    }

    func permit(_ permission: Permission, exchange name: String, on channel: BrokerChannel) throws(ProtocolError) {
        guard let access = channel.connection.access else { return }
        // The name by which patterns know the default exchange.
        let name = name.isEmpty ? "amq.default" : name
        guard !access.grants(permission, on: name) else { return }
        throw refusal(permission, channel.connection.host.title(exchange: name), channel)
    }

    /// A new queue that will send dead letters to an exchange: they are read from the one and written to the other.
    func permit(_ queue: String, deadLetteringTo exchange: FieldValue?, on channel: BrokerChannel) throws(ProtocolError)
    {
        guard let exchange = exchange?.string else { return }
        try permit(.read, queue: queue, on: channel)
        try permit(.write, exchange: exchange, on: channel)
    }

    /// A new exchange that will send messages on to another one.
    func permit(_ name: String, alternatingWith other: FieldValue?, on channel: BrokerChannel) throws(ProtocolError) {
        guard let other = other?.string else { return }
        try permit(.read, exchange: name, on: channel)
        try permit(.write, exchange: other, on: channel)
    }

    /// The routing key of a publish or of a binding, where the exchange is a topic exchange.
    func permit(
        _ permission: Permission,
        topic routingKey: String,
        of exchange: Exchange,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        guard exchange.kind == .topic, let access = channel.connection.access,
            !access.grants(permission, onTopic: routingKey, of: exchange.name)
        else { return }
        let connection = channel.connection
        throw ProtocolError(
            .accessRefused,
            "\(named(permission))access to topic '\(routingKey)' in \(connection.host.title(exchange: exchange.name))"
                + " refused for user '\(connection.profile.user)'"
        )
    }

    private func refusal(_ permission: Permission, _ title: String, _ channel: BrokerChannel) -> ProtocolError {
        ProtocolError(
            .accessRefused,
            "\(named(permission))access to \(title) refused for user '\(channel.connection.profile.user)'"
        )
    }

    private func named(_ permission: Permission) -> String {
        configuration.personality.namesPermission ? "\(permission.rawValue) " : ""
    }
}
