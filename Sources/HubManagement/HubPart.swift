import FaultPlan
import HubSim
import JSON
import SimulatorAdmin

/// The hub as one of the simulators behind an admin interface.
struct HubPart: AdministeredPart {
    let hub: HubSim
    let faultKinds: FaultKindSet

    var name: String { "hub" }

    func state(namespace: String) async -> JSONValue {
        let snapshot = hub.snapshot()
        return [
            "url": .string(hub.url),
            "vhosts": .array(hub.inventory().virtualHosts.map(JSONValue.string)),
            "queues": .array(snapshot.queues.map(HubStateText.queue)),
            "exchanges": .array(
                snapshot.exchanges.filter { !$0.name.isEmpty && !$0.name.hasPrefix("amq.") }.map(HubStateText.exchange)
            ),
            "bindings": .array(snapshot.bindings.map(HubStateText.binding)),
            "connections": .array(snapshot.connections.map(HubStateText.connection)),
            "message_bytes": .integer(Int64(snapshot.messageBytes)), "blocking": .bool(snapshot.isBlocking),
            "leftovers": .array(snapshot.leftovers.lines.map(JSONValue.string)),
        ]
    }

    /// All connections are closed, for what they declared and hold would be wrong; all queues and exchanges go.
    func reset(namespace: String) async {
        for connection in hub.snapshot().connections {
            _ = hub.closeConnection(connection.id, reason: "the hub was reset")
        }
        hub.removeEverything()
    }
}

/// What the hub holds, as `/_sim` tells it: the snapshot's own words.
enum HubStateText {
    static func queue(_ queue: QueueSnapshot) -> JSONValue {
        [
            "vhost": .string(queue.vhost), "name": .string(queue.name), "durable": .bool(queue.isDurable),
            "auto_delete": .bool(queue.isAutoDelete), "exclusive": .bool(queue.isExclusive),
            "arguments": JSONValue(queue.arguments), "ready": .integer(Int64(queue.readyCount)),
            "unacknowledged": .integer(Int64(queue.unackedCount)), "consumers": .integer(Int64(queue.consumerCount)),
            "published": .integer(Int64(clamping: queue.publishedCount)),
            "delivered": .integer(Int64(clamping: queue.deliveredCount)),
            "acknowledged": .integer(Int64(clamping: queue.acknowledgedCount)),
        ]
    }

    static func exchange(_ exchange: ExchangeSnapshot) -> JSONValue {
        [
            "vhost": .string(exchange.vhost), "name": .string(exchange.name), "type": .string(exchange.kind),
            "durable": .bool(exchange.isDurable), "auto_delete": .bool(exchange.isAutoDelete),
            "internal": .bool(exchange.isInternal), "arguments": JSONValue(exchange.arguments),
            "published": .integer(Int64(clamping: exchange.publishedCount)),
        ]
    }

    static func binding(_ binding: BindingSnapshot) -> JSONValue {
        [
            "vhost": .string(binding.vhost), "exchange": .string(binding.source),
            "destination": .string(binding.destination),
            "destination_type": binding.isToQueue ? "queue" : "exchange", "routing_key": .string(binding.routingKey),
            "arguments": JSONValue(binding.arguments),
        ]
    }

    static func connection(_ connection: ConnectionSnapshot) -> JSONValue {
        [
            "id": .integer(Int64(clamping: connection.id)), "name": .string(connection.name),
            "user": .string(connection.user), "vhost": .string(connection.vhost),
            "blocked": .bool(connection.isBlocked),
            "channels": .array(
                connection.channels.map { channel in
                    [
                        "number": .integer(Int64(channel.number)),
                        "consumer_tags": .array(channel.consumerTags.map(JSONValue.string)),
                        "unacknowledged": .integer(Int64(channel.unackedCount)),
                        "confirms": .bool(channel.isConfirming), "transactional": .bool(channel.isTransactional),
                    ]
                }
            ),
        ]
    }
}
