import AMQP

/// What a hub begins with: users, vhosts, permissions, exchanges, queues, bindings and policies, as RabbitMQ exports them
/// (`rabbitmqctl export_definitions`, `GET /api/definitions`).
///
///     configuration.definitions = try Definitions(json: bytes)
///
/// As on a new RabbitMQ node, users and vhosts of definitions stand instead of `guest` and `/`, and beside any others
/// that the configuration names. What is here has been checked, so that a hub can begin with it.
public struct Definitions: Sendable, Hashable {
    /// Users with their permissions.
    public internal(set) var users: [HubUser] = []
    public internal(set) var virtualHosts: [String] = []
    var exchanges: [ExchangeDefinition] = []
    var queues: [QueueDefinition] = []
    var bindings: [BindingDefinition] = []
    var policies: [Policy] = []
    /// What was read over because the hub keeps nothing like it: paths such as `parameters` or `vhosts[0].limits`.
    public internal(set) var ignored: [String] = []

    init() {}
}

/// An exchange as definitions have it.
struct ExchangeDefinition: Sendable, Hashable {
    var virtualHost: String
    var name: String
    var kind: ExchangeKind
    var isDurable: Bool
    var isAutoDelete: Bool
    var isInternal: Bool
    var arguments: FieldTable
}

/// A queue as definitions have it; an exclusive one never is among them.
struct QueueDefinition: Sendable, Hashable {
    var virtualHost: String
    var name: String
    var isDurable: Bool
    var isAutoDelete: Bool
    var arguments: FieldTable
}

/// A binding as definitions have it.
struct BindingDefinition: Sendable, Hashable {
    var virtualHost: String
    var source: String
    var destination: String
    var isToQueue: Bool
    var routingKey: String
    var arguments: FieldTable
}
