import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import NIOCore

/// `GET /metrics`: the hub's numbers in Prometheus's text format, by the names that RabbitMQ's own plugin gives them.
///
/// Sums come always. Queues come one by one, labelled `vhost` and `queue`, as in RabbitMQ's `/metrics/per-object`, but
/// only so many of them: the rest is in the sums, and `hubsim_queues_without_series` tells how many there are.
struct HubMetricsController: Sendable {
    /// Queues that have series of their own.
    static let queueSeriesMax = 200

    let hub: HubSim

    func addRoutes(to routes: inout RouteTable) {
        for path: RoutePath in ["/metrics", "/metrics/per-object"] {
            routes.get(path) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: PrometheusText.mediaType],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: text()))
                )
            }
        }
    }

    private func text() -> String {
        let inventory = hub.inventory()
        let snapshot = inventory.snapshot
        var text = PrometheusText()
        text.gauge(
            "rabbitmq_build_info",
            "RabbitMQ & Erlang/OTP version info",
            [
                .init(
                    [
                        "rabbitmq_version": hub.version, "erlang_version": "none", "product_name": "HubSim",
                        "product_version": hub.version,
                    ],
                    1
                )
            ]
        )
        text.gauge(
            "rabbitmq_identity_info",
            "RabbitMQ node & cluster identity info",
            [.init(["rabbitmq_node": ManagementView.node, "rabbitmq_cluster": ManagementView.node], 1)]
        )
        text.gauge("rabbitmq_connections", "Connections currently open", snapshot.connections.count)
        text.gauge("rabbitmq_channels", "Channels currently open", snapshot.connections.map(\.channels.count).sum)
        text.gauge("rabbitmq_consumers", "Consumers currently connected", inventory.consumers.count)
        text.gauge("rabbitmq_queues", "Queues available", snapshot.queues.count)
        addChurn(inventory.counters, to: &text)
        addGlobals(inventory, to: &text)
        addQueues(inventory, to: &text)
        text.gauge("hubsim_message_bytes", "Bytes that messages hold in memory", snapshot.messageBytes)
        text.gauge(
            "rabbitmq_alarms_memory_used_watermark",
            "is 1 if VM memory watermark alarm is in effect",
            snapshot.isBlocking ? 1 : 0
        )
        return text.text
    }

    private func addChurn(_ counters: BrokerCounters, to text: inout PrometheusText) {
        text.counter(
            "rabbitmq_connections_opened_total",
            "Total number of connections opened",
            counters.connectionsOpened
        )
        text.counter(
            "rabbitmq_connections_closed_total",
            "Total number of connections closed or terminated",
            counters.connectionsEnded
        )
        text.counter("rabbitmq_channels_opened_total", "Total number of channels opened", counters.channelsOpened)
        text.counter("rabbitmq_channels_closed_total", "Total number of channels closed", counters.channelsEnded)
        text.counter("rabbitmq_queues_declared_total", "Total number of queues declared", counters.queuesDeclared)
        text.counter("rabbitmq_queues_created_total", "Total number of queues created", counters.queuesCreated)
        text.counter("rabbitmq_queues_deleted_total", "Total number of queues deleted", counters.queuesDeleted)
    }

    private func addGlobals(_ inventory: HubInventory, to text: inout PrometheusText) {
        let counters = inventory.counters
        let globals: [(String, String, UInt64)] = [
            ("received", "Total number of messages received from clients", counters.published),
            ("confirmed", "Total number of messages confirmed to publishers", counters.confirmed),
            (
                "unroutable_dropped",
                "Total number of messages published as non-mandatory into an exchange and dropped as unroutable",
                counters.unroutable
            ),
            (
                "unroutable_returned",
                "Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable",
                counters.returned
            ),
            ("acknowledged", "Total number of message acknowledgements received from consumers", counters.acknowledged),
            ("delivered", "Total number of messages delivered to consumers", counters.delivered + counters.got),
            (
                "delivered_consume_auto_ack",
                "Total number of messages delivered to consumers using basic.consume with automatic acknowledgement",
                counters.deliveredNoAck
            ),
            (
                "delivered_consume_manual_ack",
                "Total number of messages delivered to consumers using basic.consume with manual acknowledgment",
                counters.delivered - counters.deliveredNoAck
            ),
            (
                "delivered_get_auto_ack",
                "Total number of messages delivered to consumers using basic.get with automatic acknowledgement",
                counters.gotNoAck
            ),
            (
                "delivered_get_manual_ack",
                "Total number of messages delivered to consumers using basic.get with manual acknowledgment",
                counters.got - counters.gotNoAck
            ),
            ("get_empty", "Total number of times basic.get operations fetched no message", counters.gotEmpty),
            ("redelivered", "Total number of messages redelivered to consumers", counters.redelivered),
        ]
        for (name, help, value) in globals {
            text.counter("rabbitmq_global_messages_\(name)_total", help, [.init(["protocol": "amqp091"], value)])
        }
        text.gauge(
            "rabbitmq_global_consumers",
            "Current number of consumers",
            [.init(["protocol": "amqp091"], inventory.consumers.count)]
        )
    }

    private func addQueues(_ inventory: HubInventory, to text: inout PrometheusText) {
        let shown = Array(zip(inventory.snapshot.queues, inventory.queueDetails).prefix(Self.queueSeriesMax))
        typealias Shown = (queue: QueueSnapshot, details: HubInventory.QueueDetails)
        func samples(_ value: (Shown) -> UInt64) -> [PrometheusText.Sample] {
            shown.map { .init(["vhost": $0.0.vhost, "queue": $0.0.name], value((queue: $0.0, details: $0.1))) }
        }
        text.gauge(
            "rabbitmq_queue_messages_ready",
            "Messages ready to be delivered to consumers",
            samples { UInt64($0.queue.readyCount) }
        )
        text.gauge(
            "rabbitmq_queue_messages_unacked",
            "Messages delivered to consumers but not yet acknowledged",
            samples { UInt64($0.queue.unackedCount) }
        )
        text.gauge(
            "rabbitmq_queue_messages",
            "Sum of ready and unacknowledged messages - total queue depth",
            samples { UInt64($0.queue.readyCount + $0.queue.unackedCount) }
        )
        text.gauge("rabbitmq_queue_consumers", "Consumers on a queue", samples { UInt64($0.queue.consumerCount) })
        text.gauge(
            "rabbitmq_queue_messages_ready_bytes",
            "Size in bytes of ready messages",
            samples { UInt64($0.details.readyBodyBytes) }
        )
        text.counter(
            "rabbitmq_queue_messages_published_total",
            "Total number of messages published to queues",
            samples { $0.details.counters.published }
        )
        text.counter(
            "hubsim_queue_messages_delivered_total",
            "Total number of messages delivered from a queue to consumers",
            samples { $0.details.counters.delivered }
        )
        text.counter(
            "hubsim_queue_messages_acknowledged_total",
            "Total number of messages of a queue that were acknowledged",
            samples { $0.details.counters.acknowledged }
        )
        text.gauge(
            "hubsim_queues_without_series",
            "Queues that have no series of their own here",
            inventory.snapshot.queues.count - shown.count
        )
        text.gauge(
            "hubsim_messages_ready",
            "Messages ready to be delivered to consumers, in all queues",
            inventory.snapshot.queues.map(\.readyCount).sum
        )
        text.gauge(
            "hubsim_messages_unacked",
            "Messages delivered to consumers but not yet acknowledged, of all queues",
            inventory.snapshot.queues.map(\.unackedCount).sum
        )
    }
}

extension [Int] {
    fileprivate var sum: Int { reduce(0, +) }
}
