import FaultPlan
import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import SimulatorAdmin

/// The hub's page and `GET /_sim/hub/view`, the one request by which it keeps itself up to date.
struct HubPageController: Sendable {
    /// Rows of each table that the page is sent; how many there are in all is told beside.
    private static let rowsMax = 500

    let hub: HubSim
    let rates: RateBoard
    let path: RoutePath

    func addRoutes(to routes: inout RouteTable) {
        routes.get(path) { request, _ in try HubPage.page.response(to: request) }
        routes.get("/_sim/hub/view") { _, _ in JSONResponse(view()).response }
        routes.delete("/_sim/hub/connections/{id}") { request, context in
            guard let id = UInt64(context.parameter("id")),
                hub.closeConnection(id, reason: ConnectionResource.reason(request))
            else { throw APIError(.notFound, "NOT_FOUND", "There is no such connection.") }
            return Response(status: .noContent)
        }
    }

    private func view() -> JSONValue {
        let view = ManagementView(hub, rates)
        let inventory = view.inventory
        let snapshot = view.snapshot
        return [
            "url": .string(hub.url), "version": .string(hub.version), "blocking": .bool(snapshot.isBlocking),
            "rates": [
                "publish": .number(rates.ofHub { Int64(clamping: $0.counters.published) }),
                "deliver": .number(rates.ofHub { Int64(clamping: $0.counters.delivered + $0.counters.got) }),
                "ack": .number(rates.ofHub { Int64(clamping: $0.counters.acknowledged) }),
            ],
            "totals": [
                "queues": .integer(Int64(snapshot.queues.count)),
                "exchanges": .integer(Int64(snapshot.exchanges.count)),
                "bindings": .integer(Int64(snapshot.bindings.count)),
                "connections": .integer(Int64(snapshot.connections.count)),
                "consumers": .integer(Int64(inventory.consumers.count)),
                "ready": .integer(Int64(snapshot.queues.map(\.readyCount).reduce(0, +))),
                "unacked": .integer(Int64(snapshot.queues.map(\.unackedCount).reduce(0, +))),
                "published": .integer(Int64(clamping: inventory.counters.published)),
                "unroutable": .integer(Int64(clamping: inventory.counters.unroutable)),
            ],
            "queues": .array(zip(snapshot.queues, inventory.queueDetails).prefix(Self.rowsMax).map(queue)),
            "exchanges": .array(snapshot.exchanges.prefix(Self.rowsMax).map(exchange)),
            "bindings": .array(snapshot.bindings.prefix(Self.rowsMax).map(HubStateText.binding)),
            "connections": .array(snapshot.connections.indices.prefix(Self.rowsMax).map { connection($0, view) }),
        ]
    }

    private func queue(_ queue: QueueSnapshot, _ details: HubInventory.QueueDetails) -> JSONValue {
        let key = RateBoard.Key(vhost: queue.vhost, name: queue.name)
        var members = HubStateText.queue(queue).object ?? [:]
        members["memory_bytes"] = .integer(Int64(details.memoryBytes))
        members["dropped"] = .integer(Int64(clamping: details.counters.dropped))
        members["publish_rate"] = .number(rates.ofQueue(key) { Int64(clamping: $0.counters.published) })
        members["deliver_rate"] = .number(
            rates.ofQueue(key) { Int64(clamping: $0.counters.delivered + $0.counters.got) }
        )
        members["ack_rate"] = .number(rates.ofQueue(key) { Int64(clamping: $0.counters.acknowledged) })
        return .object(members)
    }

    private func exchange(_ exchange: ExchangeSnapshot) -> JSONValue {
        var members = HubStateText.exchange(exchange).object ?? [:]
        members["publish_rate"] = .number(rates.ofExchange(RateBoard.Key(vhost: exchange.vhost, name: exchange.name)))
        return .object(members)
    }

    private func connection(_ index: Int, _ view: ManagementView) -> JSONValue {
        let connection = view.snapshot.connections[index]
        return [
            "id": .integer(Int64(clamping: connection.id)), "name": .string(connection.name),
            "socket": .string(connection.peer ?? ""), "user": .string(connection.user),
            "vhost": .string(connection.vhost),
            "blocked": .bool(connection.isBlocked),
            "product": .string(connection.clientProperties["product"]?.string ?? ""),
            "product_version": .string(connection.clientProperties["version"]?.string ?? ""),
            "connected_at": .integer(view.inventory.connectionDetails[index].openedAtMs),
            "channels": .integer(Int64(connection.channels.count)),
            "consumers": .integer(Int64(connection.channels.map(\.consumerTags.count).reduce(0, +))),
            "unacknowledged": .integer(Int64(connection.channels.map(\.unackedCount).reduce(0, +))),
        ]
    }
}
