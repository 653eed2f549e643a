import AMQP
import JSON
import Octets

/// What a broker begins with. Limits are for what clients declare, not for this.
extension Broker {
    /// Whether a new broker could begin with these definitions: everything that is wrong, by its path.
    static func problems(of definitions: Definitions) -> [FieldProblem] {
        var configuration = BrokerConfiguration(virtualHosts: definitions.virtualHosts)
        // The strictest: what it takes, all take.
        configuration.personality = .rabbitMQ40
        var broker = Broker(configuration: configuration)
        return broker.load(definitions)
    }

    /// Declares everything. What cannot be declared is left out and told of.
    mutating func load(_ definitions: Definitions) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        for (name, policies) in Dictionary(grouping: definitions.policies, by: \.virtualHost) {
            guard let host = hosts[name] else { continue }
            host.policies = Policies(policies)
            for exchange in host.exchanges.values { exchange.apply(host.policies.forExchange(exchange.name)) }
        }
        for (index, exchange) in definitions.exchanges.enumerated() {
            guard let problem = declare(exchange) else { continue }
            problems.append(FieldProblem(path: "exchanges[\(index)]", message: problem))
        }
        for (index, queue) in definitions.queues.enumerated() {
            guard let problem = declare(queue) else { continue }
            problems.append(FieldProblem(path: "queues[\(index)]", message: problem))
        }
        for (index, binding) in definitions.bindings.enumerated() {
            guard let problem = bind(binding) else { continue }
            problems.append(FieldProblem(path: "bindings[\(index)]", message: problem))
        }
        return problems
    }

    /// - Returns: why not.
    private mutating func declare(_ definition: ExchangeDefinition) -> String? {
        guard let host = hosts[definition.virtualHost] else { return "is in a vhost that is not there" }
        // Those that every vhost has are in some exports too.
        if let existing = host.exchanges[definition.name] {
            return existing.kind == definition.kind ? nil : "is there already, as another type"
        }
        guard !definition.name.beginsExactly(with: "amq.") else { return "has a name with the reserved prefix 'amq.'" }
        if let alternate = definition.arguments["alternate-exchange"], alternate.string == nil {
            return "has an alternate-exchange that is no string"
        }
        let exchange = Exchange(
            name: definition.name,
            kind: definition.kind,
            isDurable: definition.isDurable,
            isAutoDelete: definition.isAutoDelete,
            isInternal: definition.isInternal,
            arguments: definition.arguments
        )
        exchange.apply(host.policies.forExchange(exchange.name))
        memory.definitionBytes += DefinitionCost.exchange(exchange.name, exchange.arguments)
        host.exchanges[definition.name] = exchange
        host.generation += 1
        return nil
    }

    private mutating func declare(_ definition: QueueDefinition) -> String? {
        guard let host = hosts[definition.virtualHost] else { return "is in a vhost that is not there" }
        guard !definition.name.isEmpty else { return "has no name" }
        guard host.queues[definition.name] == nil else { return "is there already" }
        do throws(ProtocolError) {
            let options = try queueOptions(definition.arguments, title: host.title(queue: definition.name))
            let queue = Queue(
                name: definition.name,
                host: host,
                isDurable: definition.isDurable,
                isAutoDelete: definition.isAutoDelete,
                owner: nil,
                arguments: definition.arguments,
                options: options.with(host.policy(forQueue: definition.name, definition.arguments)),
                now: now
            )
            memory.definitionBytes += DefinitionCost.queue(queue.name, queue.arguments, queue.options)
            host.add(queue)
            noteDeadline(of: queue)
            return nil
        } catch {
            return "cannot be declared: \(error.reason)"
        }
    }

    private mutating func bind(_ definition: BindingDefinition) -> String? {
        guard let host = hosts[definition.virtualHost] else { return "is in a vhost that is not there" }
        // Every queue is bound to the default exchange anyway.
        if definition.source.isEmpty { return nil }
        let destination: Destination? =
            definition.isToQueue
            ? host.queues[definition.destination].map(Destination.queue)
            : host.exchanges[definition.destination].flatMap { $0.isDefault ? nil : Destination.exchange($0) }
        guard let exchange = host.exchanges[definition.source] else {
            return "has a source that is not there: '\(definition.source)'"
        }
        guard let destination else { return "has a destination that is not there: '\(definition.destination)'" }
        do throws(ProtocolError) {
            try add(exchange, destination, definition.routingKey, definition.arguments, in: host, isLimited: false)
            return nil
        } catch {
            return "cannot be bound: \(error.reason)"
        }
    }
}

extension VirtualHost {
    /// The policy that holds for a queue with these arguments.
    func policy(forQueue name: String, _ arguments: FieldTable) -> Policy? {
        policies.forQueue(name, type: arguments["x-queue-type"]?.string ?? "classic")
    }
}
