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
            let tags = request.hub.user(request.user)?.effectiveTags ?? []
            return JSONResponse(["name": .string(request.user), "tags": .array(tags.map(JSONValue.string))]).response
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
        "/api/parameters", "/api/parameters/{component}", "/api/parameters/{component}/{vhost}",
        "/api/operator-policies", "/api/operator-policies/{vhost}", "/api/global-parameters",
        "/api/vhost-limits", "/api/vhost-limits/{vhost}", "/api/feature-flags",
    ]

    private static func overview(_ request: ManagementRequest) -> [String: JSONValue] {
        let sums = request.hub.totals()
        let counters = sums.counters
        let rates = request.rates
        var churn = MessageStats()
        churn.add("connection_created", counters, rates, \.connectionsOpened)
        churn.add("connection_closed", counters, rates, \.connectionsEnded)
        churn.add("channel_created", counters, rates, \.channelsOpened)
        churn.add("channel_closed", counters, rates, \.channelsEnded)
        churn.add("queue_declared", counters, rates, \.queuesDeclared)
        churn.add("queue_created", counters, rates, \.queuesCreated)
        churn.add("queue_deleted", counters, rates, \.queuesDeleted)
        let (ready, unacked) = (sums.readyCount, sums.unackedCount)
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
                "channels": .integer(Int64(sums.channelCount)),
                "connections": .integer(Int64(sums.connectionCount)),
                "consumers": .integer(Int64(sums.consumerCount)),
                "exchanges": .integer(Int64(sums.exchangeCount)),
                "queues": .integer(Int64(sums.queueCount)),
            ],
            "listeners": .array(listeners(request)), "contexts": [],
        ]
    }

    /// The sockets that clients reach the hub by.
    static func listeners(_ request: ManagementRequest) -> [JSONValue] {
        ports(request.hub).map { name, port in
            [
                "node": .string(ManagementView.node), "protocol": .string(name),
                "ip_address": .string(request.hub.host), "port": .integer(Int64(port)), "socket_opts": [:],
            ]
        }
    }

    /// The ports that it listens on, by RabbitMQ's names of protocols.
    static func ports(_ hub: HubSim) -> [(protocol: String, port: Int)] {
        [("amqp", hub.port), ("amqp/ssl", hub.tlsPort)].filter { $0.1 != 0 }
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
        let sums = request.hub.totals()
        return [
            "name": .string(ManagementView.node), "type": "disc", "running": true, "partitions": [],
            "mem_used": .integer(Int64(sums.messageBytes)), "mem_alarm": .bool(sums.isBlocking),
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
