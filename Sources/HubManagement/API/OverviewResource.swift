import HTTPServing
import HubSim
import JSON

/// `overview`, `nodes`, `whoami` and what is always empty here.
enum OverviewResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/overview") { request in try Listing.response(overview(request), request.request) }
        routes.get("/api/nodes") { request in try Listing.response([node(request)], request.request) }
        routes.get("/api/nodes/{node}") { request in
            guard request.path("node") == ManagementView.node else { throw ManagementError.notFound }
            return try Listing.response(node(request), request.request)
        }
        routes.get("/api/whoami") { request in
            JSONResponse(["name": .string(request.user), "tags": ["administrator"]]).response
        }
        routes.get("/api/cluster-name") { _ in JSONResponse(["name": .string(ManagementView.node)]).response }
        routes.get("/api/extensions") { _ in JSONResponse([]).response }
        routes.get("/api/auth") { _ in
            JSONResponse(["enable_uaa": false, "uaa_client_id": "", "uaa_location": ""]).response
        }
        // The hub has none of these, and says so.
        for path in emptyLists { routes.get(path) { _ in JSONResponse([]).response } }
    }

    private static let emptyLists: [RoutePath] = [
        "/api/parameters", "/api/parameters/{component}", "/api/parameters/{component}/{vhost}", "/api/policies",
        "/api/policies/{vhost}", "/api/operator-policies", "/api/operator-policies/{vhost}", "/api/global-parameters",
        "/api/topic-permissions", "/api/vhost-limits", "/api/vhost-limits/{vhost}", "/api/feature-flags",
    ]

    private static func overview(_ request: ManagementRequest) -> [String: JSONValue] {
        let view = request.view
        let counters = view.inventory.counters
        let rates = request.rates
        var churn = MessageStats()
        churn.add("connection_created", counters, rates, \.connectionsOpened)
        churn.add("connection_closed", counters, rates, \.connectionsEnded)
        churn.add("channel_created", counters, rates, \.channelsOpened)
        churn.add("channel_closed", counters, rates, \.channelsEnded)
        churn.add("queue_declared", counters, rates, \.queuesDeclared)
        churn.add("queue_created", counters, rates, \.queuesCreated)
        churn.add("queue_deleted", counters, rates, \.queuesDeleted)
        let ready = view.snapshot.queues.map(\.readyCount).reduce(0, +)
        let unacked = view.snapshot.queues.map(\.unackedCount).reduce(0, +)
        var totals = MessageStats()
        totals.add("messages", ready + unacked, rate: rates.ofHub { Int64($0.readyCount + $0.unackedCount) })
        totals.add("messages_ready", ready, rate: rates.ofHub { Int64($0.readyCount) })
        totals.add("messages_unacknowledged", unacked, rate: rates.ofHub { Int64($0.unackedCount) })
        return [
            "management_version": .string(request.hub.version), "rabbitmq_version": .string(request.hub.version),
            "product_name": "RabbitMQ", "product_version": .string(request.hub.version), "rates_mode": "basic",
            "cluster_name": .string(ManagementView.node), "node": .string(ManagementView.node), "disable_stats": false,
            "enable_queue_totals": false, "statistics_db_event_queue": 0,
            "release_series_support_status": "supported", "erlang_version": "none",
            "erlang_full_version": "none: this is HubSim, a simulator",
            "sample_retention_policies": ["global": [600], "basic": [600], "detailed": [600]],
            "exchange_types": exchangeTypes, "message_stats": MessageStats.hub(counters, rates).json,
            "churn_rates": churn.json, "queue_totals": totals.json,
            "object_totals": [
                "channels": .integer(Int64(view.snapshot.connections.map(\.channels.count).reduce(0, +))),
                "connections": .integer(Int64(view.snapshot.connections.count)),
                "consumers": .integer(Int64(view.inventory.consumers.count)),
                "exchanges": .integer(Int64(view.snapshot.exchanges.count)),
                "queues": .integer(Int64(view.snapshot.queues.count)),
            ],
            "listeners": .array(listeners(request)), "contexts": [],
        ]
    }

    static func listeners(_ request: ManagementRequest) -> [JSONValue] {
        guard request.hub.port != 0 else { return [] }
        return [
            [
                "node": .string(ManagementView.node), "protocol": "amqp", "ip_address": .string(request.hub.host),
                "port": .integer(Int64(request.hub.port)), "socket_opts": [:],
            ]
        ]
    }

    private static let exchangeTypes: JSONValue = .array(
        ["direct", "fanout", "headers", "topic"].map { kind in
            [
                "name": .string(kind), "enabled": true,
                "description": .string("AMQP \(kind) exchange, as per the AMQP specification"),
            ]
        }
    )

    private static func node(_ request: ManagementRequest) -> [String: JSONValue] {
        let snapshot = request.view.snapshot
        return [
            "name": .string(ManagementView.node), "type": "disc", "running": true, "partitions": [],
            "mem_used": .integer(Int64(snapshot.messageBytes)), "mem_alarm": .bool(snapshot.isBlocking),
            "disk_free_alarm": false, "rates_mode": "basic", "being_drained": false,
            "exchange_types": exchangeTypes, "applications": [], "contexts": [], "auth_mechanisms": [],
        ]
    }
}

extension MessageStats {
    /// A count of the hub's life with its rate.
    fileprivate mutating func add(
        _ name: String,
        _ counters: BrokerCounters,
        _ rates: RateBoard,
        _ count: (BrokerCounters) -> UInt64
    ) {
        add(name, count(counters), rate: rates.ofHub { Int64(clamping: count($0.counters)) })
    }
}
