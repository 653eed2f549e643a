import HubProtocol
import JSON
import MessageHub

/// Exchange, queue and binding (docs/protocol.md §2).
enum TopologyChecks {
    static let all = [
        Check(
            "topology.exchange",
            "The exchange is a durable topic exchange without arguments",
            .core,
            ["HUB-TOP-001"]
        ) { check in
            try await declare(
                check,
                "exchange.declared-otherwise",
                "the exchange was declared with other properties"
            ) { connection throws(HubError) in
                try await connection.declareExchange(HubSession.exchange(check.session.topology.exchange))
            }
        },
        Check(
            "topology.queue",
            "The queue is durable, not exclusive, not auto-delete and without arguments",
            .core,
            ["HUB-TOP-002", "HUB-TOP-004"]
        ) { check in
            let queue = check.session.topology.queue
            try await declare(check, "queue.missing", "there is no queue of the agreed name") {
                connection throws(HubError) in
                _ = try await connection.declareQueue(QueueDeclaration(name: queue, isPassive: true))
            }
            try await declare(check, "queue.declared-otherwise", "the queue was declared with other properties") {
                connection throws(HubError) in
                _ = try await connection.declareQueue(.durable(queue))
            }
        },
        Check(
            "topology.binding",
            "Requests reach the queue by the routing key storage.request",
            .core,
            ["HUB-TOP-003", "HUB-TOP-004"]
        ) { check in
            _ = try await check.ask(check.anything())
            // By a wider key its own replies come back to it; only a hub of ours shows which it is.
            guard let inside = check.run.surroundings.inside else { return }
            let topology = check.session.topology
            let keys = await inside.bindings(of: topology.queue, to: topology.exchange)
            try check.require(
                keys.contains(Topology.Key.request),
                "queue.bound-otherwise",
                "the queue is not bound by storage.request, but by another key that it matches",
                expected: ["routing_keys": [.string(Topology.Key.request)]],
                actual: ["routing_keys": .array(keys.map(JSONValue.string))]
            )
        },
        Check(
            "topology.any-reply-queue",
            "A reply queue may have any name",
            .core,
            ["HUB-TOP-006", "HUB-REP-001"]
        ) { check in
            _ = try await check.openReplyQueue(named: "conformance \(check.run.runID) – an odd.name/for#replies*")
            _ = try await check.ask(check.anything())
        },
        Check(
            "topology.prefetch",
            "The service bounds how many requests it has taken and not answered",
            .core,
            ["HUB-ACK-009"],
            needs: [.insideHub]
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let prefetches = await inside.prefetches(of: check.session.topology.queue)
            guard !prefetches.isEmpty else {
                throw Obstacle("queue.no-consumer", "the queue of the agreed name has no consumer")
            }
            try requireBound(check, prefetches)
        },
    ]

    /// Fails where a consumer of the queue takes as many requests as there are.
    static func requireBound(_ check: CheckContext, _ prefetches: [Int], _ when: String = "") throws(CheckFailure) {
        try check.require(
            !prefetches.contains { $0 == 0 || $0 >= Int(UInt16.max) },
            "qos.unbounded",
            "\(when)a consumer of the queue has no prefetch count, or the largest that there is",
            expected: ["prefetch_count": "1 to 65534"],
            actual: ["prefetch_count": .array(prefetches.map { .integer(Int64($0)) })]
        )
    }

    /// Declares something on a connection of its own: the hub refuses what does not fit what is there.
    private static func declare(
        _ check: CheckContext,
        _ reason: String,
        _ message: String,
        _ body: @escaping @Sendable (any HubConnection) async throws(HubError) -> Void
    ) async throws {
        let failure = try await check.throughHub { () async throws(HubError) in
            // Refused is an answer here, not an obstacle.
            do throws(HubError) {
                try await check.session.apart(body)
                return CheckFailure?.none
            } catch .refused(let code, _) {
                // 404 NOT_FOUND is the one answer that means that there is none.
                let isMissing = reason == "queue.missing"
                return isMissing && code != 404
                    ? CheckFailure("queue.declared-otherwise", "the queue was declared with other properties (\(code))")
                    : CheckFailure(reason, "\(message) (\(code))")
            }
        }
        if let failure { throw failure }
    }
}
