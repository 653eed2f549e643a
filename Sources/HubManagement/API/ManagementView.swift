import AMQP
import HubSim
import JSON
import Octets

/// The hub at one moment in the words of RabbitMQ's management API.
///
/// What the hub does not know (reductions, garbage collection, paging to disk, bytes of a socket) is left out, not
/// made up.
struct ManagementView {
    /// Who the one node is.
    static let node = "hubsim@localhost"

    let inventory: HubInventory
    let rates: RateBoard

    init(_ hub: HubSim, _ rates: RateBoard) { self.init(hub.inventory(), rates) }

    init(_ inventory: HubInventory, _ rates: RateBoard) {
        self.inventory = inventory
        self.rates = rates
    }

    var snapshot: HubSnapshot { inventory.snapshot }

    // MARK: Vhosts

    static func virtualHost(_ host: VirtualHostTotals) -> [String: JSONValue] {
        let description = host.name == "/" ? "Default virtual host" : ""
        let (ready, unacked) = (host.readyCount, host.unackedCount)
        return [
            "name": .string(host.name), "description": .string(description), "tags": [], "tracing": false,
            "default_queue_type": "undefined", "metadata": ["description": .string(description), "tags": []],
            "cluster_state": .object([node: "running"]), "messages": .integer(Int64(ready + unacked)),
            "messages_ready": .integer(Int64(ready)), "messages_unacknowledged": .integer(Int64(unacked)),
        ]
    }

    // MARK: Queues

    func queue(_ index: Int) -> [String: JSONValue] {
        let queue = snapshot.queues[index]
        let details = inventory.queueDetails[index]
        let key = RateBoard.Key(vhost: queue.vhost, name: queue.name)
        var members: [String: JSONValue] = [
            "name": .string(queue.name), "vhost": .string(queue.vhost), "durable": .bool(queue.isDurable),
            "auto_delete": .bool(queue.isAutoDelete), "exclusive": .bool(queue.isExclusive),
            "arguments": JSONValue(queue.arguments), "node": .string(Self.node), "state": "running", "type": "classic",
            "consumers": .integer(Int64(queue.consumerCount)),
            "policy": details.policy.map { .string($0.name) } ?? .null, "operator_policy": nil,
            "effective_policy_definition": .object(details.policy?.definition ?? [:]),
            "memory": .integer(Int64(details.memoryBytes)),
            "message_bytes_ready": .integer(Int64(details.readyBodyBytes)),
            "message_stats": MessageStats.queue(details.counters, key, rates).json,
            "exclusive_consumer_tag": nil, "single_active_consumer_tag": nil,
        ]
        let counts: [(String, Int, (QueueTally) -> Int64)] = [
            ("messages", queue.readyCount + queue.unackedCount, { Int64($0.readyCount + $0.unackedCount) }),
            ("messages_ready", queue.readyCount, { Int64($0.readyCount) }),
            ("messages_unacknowledged", queue.unackedCount, { Int64($0.unackedCount) }),
        ]
        for (name, count, number) in counts {
            members[name] = .integer(Int64(count))
            members["\(name)_details"] = ["rate": .number(rates.ofQueue(key, number))]
        }
        if let owner = details.owner, let index = self.index(ofConnection: owner) {
            members["owner_pid_details"] = .object(connectionDetails(index))
        }
        for consumer in inventory.consumers[details.consumers] {
            if consumer.isExclusive { members["exclusive_consumer_tag"] = .string(consumer.tag) }
            if queue.arguments["x-single-active-consumer"]?.bool == true, consumer.isActive {
                members["single_active_consumer_tag"] = .string(consumer.tag)
            }
        }
        return members
    }

    /// A queue with what only its own address tells.
    func queueAlone(_ index: Int) -> [String: JSONValue] {
        var members = self.queue(index)
        let consumers = inventory.consumers[inventory.queueDetails[index].consumers]
        members["consumer_details"] = .array(consumers.map { .object(consumer($0)) })
        members["deliveries"] = []
        members["incoming"] = []
        return members
    }

    // MARK: Exchanges

    func exchange(_ index: Int) -> [String: JSONValue] {
        let exchange = snapshot.exchanges[index]
        var members: [String: JSONValue] = [
            "name": .string(exchange.name), "vhost": .string(exchange.vhost), "type": .string(exchange.kind),
            "durable": .bool(exchange.isDurable), "auto_delete": .bool(exchange.isAutoDelete),
            "internal": .bool(exchange.isInternal), "arguments": JSONValue(exchange.arguments),
            "user_who_performed_action": exchange.name.isEmpty || exchange.name.hasPrefix("amq.")
                ? "rmq-internal" : "guest",
        ]
        if let policy = inventory.exchangeDetails[index].policy { members["policy"] = .string(policy) }
        if exchange.publishedCount > 0 {
            var stats = MessageStats()
            stats.add(
                "publish_in",
                exchange.publishedCount,
                rate: rates.ofExchange(RateBoard.Key(vhost: exchange.vhost, name: exchange.name))
            )
            members["message_stats"] = stats.json
        }
        return members
    }

    /// An exchange with what only its own address tells.
    func exchangeAlone(_ index: Int) -> [String: JSONValue] {
        var members = exchange(index)
        members["incoming"] = []
        members["outgoing"] = []
        return members
    }

    // MARK: Bindings

    /// All bindings, those of every queue to the default exchange first.
    var bindings: [BindingSnapshot] { inventory.bindingsToDefault + snapshot.bindings }

    func binding(_ binding: BindingSnapshot) -> [String: JSONValue] {
        [
            "source": .string(binding.source), "vhost": .string(binding.vhost),
            "destination": .string(binding.destination),
            "destination_type": binding.isToQueue ? "queue" : "exchange", "routing_key": .string(binding.routingKey),
            "arguments": JSONValue(binding.arguments),
            "properties_key": .string(PropertiesKey.text(binding.routingKey, binding.arguments)),
        ]
    }

    // MARK: Connections

    /// What a connection is called: both ends of its socket, and no two alike.
    func connectionName(_ index: Int) -> String {
        let connection = snapshot.connections[index]
        return connection.peer ?? "<in-process.\(connection.id)>"
    }

    func connection(_ index: Int) -> [String: JSONValue] {
        let connection = snapshot.connections[index]
        let details = inventory.connectionDetails[index]
        var members: [String: JSONValue] = [
            "name": .string(connectionName(index)), "user": .string(connection.user),
            "vhost": .string(connection.vhost), "node": .string(Self.node),
            "user_who_performed_action": .string(connection.user), "state": .string(connection.state.rawValue),
            "type": connection.isInProcess ? "direct" : "network",
            "protocol": connection.isInProcess ? "Direct 0-9-1" : "AMQP 0-9-1",
            "auth_mechanism": .string(details.mechanism), "channels": .integer(Int64(connection.channels.count)),
            "channel_max": .integer(Int64(connection.channelMax)),
            "frame_max": .integer(Int64(connection.frameBytesMax)),
            "timeout": .integer(Int64(connection.heartbeatSeconds)), "connected_at": .integer(details.openedAtMs),
            "client_properties": JSONValue(connection.clientProperties),
            "recv_oct": .integer(Int64(clamping: connection.receivedBytes)),
            "send_oct": .integer(Int64(clamping: connection.sentBytes)), "ssl": .bool(connection.isTLS),
            "ssl_cipher": nil, "ssl_hash": nil, "ssl_key_exchange": nil, "ssl_protocol": nil,
            "peer_cert_issuer": nil, "peer_cert_subject": nil, "peer_cert_validity": nil,
        ]
        if let name = connection.clientProperties["connection_name"]?.string {
            members["user_provided_name"] = .string(name)
        }
        if let ends = connection.peer.flatMap(SocketEnds.init) {
            members["peer_host"] = .string(ends.peer.host)
            members["peer_port"] = .integer(ends.peer.port)
            members["host"] = .string(ends.local.host)
            members["port"] = .integer(ends.local.port)
        }
        return members
    }

    /// Connections lie in the order of their numbers.
    private func index(ofConnection id: UInt64) -> Int? {
        var (low, high) = (0, snapshot.connections.count)
        while low < high {
            let middle = (low + high) / 2
            if snapshot.connections[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < snapshot.connections.count && snapshot.connections[low].id == id ? low : nil
    }

    private func connectionDetails(_ index: Int) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["name": .string(connectionName(index))]
        if let ends = snapshot.connections[index].peer.flatMap(SocketEnds.init) {
            members["peer_host"] = .string(ends.peer.host)
            members["peer_port"] = .integer(ends.peer.port)
        }
        return members
    }

    // MARK: Channels and consumers

    func channels(of index: Int) -> [[String: JSONValue]] {
        let connection = snapshot.connections[index]
        return zip(connection.channels, inventory.channelDetails[index]).map { channel, details in
            let consumers = channel.consumerTags.count
            return [
                "name": .string("\(connectionName(index)) (\(channel.number))"),
                "number": .integer(Int64(channel.number)), "user": .string(connection.user),
                "vhost": .string(connection.vhost), "node": .string(Self.node), "state": "running",
                "user_who_performed_action": .string(connection.user), "confirm": .bool(channel.isConfirming),
                "transactional": .bool(channel.isTransactional), "consumer_count": .integer(Int64(consumers)),
                "messages_unacknowledged": .integer(Int64(channel.unackedCount)), "messages_unconfirmed": 0,
                "messages_uncommitted": .integer(Int64(details.uncommittedPublishes)),
                "acks_uncommitted": .integer(Int64(details.uncommittedSettlements)),
                "prefetch_count": .integer(Int64(channel.prefetchOfConsumersMax)),
                "global_prefetch_count": .integer(Int64(channel.prefetchMax)), "pending_raft_commands": 0,
                "connection_details": .object(connectionDetails(index)),
            ]
        }
    }

    /// A channel with what only its own address tells.
    func channelAlone(_ channel: [String: JSONValue], of index: Int) -> [String: JSONValue] {
        let id = snapshot.connections[index].id
        let consumers = inventory.consumers.filter {
            $0.connection == id && .integer(Int64($0.channel)) == channel["number"]
        }
        var channel = channel
        channel["consumer_details"] = .array(consumers.map { .object(consumer($0)) })
        channel["publishes"] = []
        channel["deliveries"] = []
        return channel
    }

    func consumer(_ consumer: HubInventory.Consumer) -> [String: JSONValue] {
        var channel: [String: JSONValue] = ["number": .integer(Int64(consumer.channel)), "node": .string(Self.node)]
        if let index = self.index(ofConnection: consumer.connection) {
            channel.merge(connectionDetails(index)) { first, _ in first }
            channel["connection_name"] = .string(connectionName(index))
            channel["name"] = .string("\(connectionName(index)) (\(consumer.channel))")
            channel["user"] = .string(snapshot.connections[index].user)
        }
        return [
            "consumer_tag": .string(consumer.tag), "ack_required": .bool(!consumer.isNoAck),
            "exclusive": .bool(consumer.isExclusive), "active": .bool(consumer.isActive),
            "activity_status": consumer.isActive ? "up" : "waiting",
            "prefetch_count": .integer(Int64(consumer.prefetchMax)), "arguments": JSONValue(consumer.arguments),
            "queue": ["name": .string(consumer.queue), "vhost": .string(consumer.vhost)],
            "channel_details": .object(channel),
        ]
    }
}

/// Both ends of a socket, from `127.0.0.1:40123 -> 127.0.0.1:5672`.
struct SocketEnds {
    typealias End = (host: String, port: Int64)
    let peer: End
    let local: End

    init?(_ text: String) {
        let ends = text.split(separator: " -> ").compactMap { end -> End? in
            guard let colon = end.lastIndex(of: ":"), let port = Int64(end[end.index(after: colon)...]) else {
                return nil
            }
            return (String(end[..<colon]), port)
        }
        guard ends.count == 2 else { return nil }
        (peer, local) = (ends[0], ends[1])
    }
}
