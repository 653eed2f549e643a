import HubProtocol
import JSON
import MessageHub

/// What the service does about queries (docs/protocol.md §14).
enum QueryChecks {
    static let all = [
        Check(
            "discovery.query",
            "The service announces itself in answer to a query for storage_service",
            .discovery,
            ["HUB-DIS-003"],
            company: .alone
        ) { check in try await answers(check, "storage_service") },
        Check(
            "discovery.query-everybody",
            "The service announces itself in answer to a query for *",
            .discovery,
            ["HUB-DIS-003"],
            company: .alone
        ) { check in try await answers(check, "*") },
        Check(
            "discovery.own-queue",
            "Each instance hears queries on a queue of its own",
            .discovery,
            ["HUB-DIS-011"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let requests = check.session.topology.queue
            let storage = Set(await inside.consumers(of: requests))
            for listener in await listeners(check, inside) {
                let count = listener.connections.count
                try check.require(
                    listener.queue != requests,
                    "discovery.shared-queue",
                    "the queue of requests, which all instances share, is bound by \(Topology.Key.query): of several "
                        + "instances only one hears each query"
                )
                try check.require(
                    count <= 1 || storage.isDisjoint(with: listener.connections),
                    "discovery.shared-queue",
                    "the queue \(listener.queue), bound by \(Topology.Key.query), has \(count) consumers: each hears only a "
                        + "part of the queries",
                    expected: ["consumers": 1],
                    actual: ["consumers": .integer(Int64(count))]
                )
            }
        },
        Check(
            "discovery.unreadable-query",
            "A query that cannot be read is survived",
            .discovery,
            ["HUB-DIS-012"],
            company: .alone
        ) { check in
            let address = HubAddress(exchange: check.session.topology.exchange, routingKey: Topology.Key.query)
            for body in ["", "nonsense", "[]", "{\"event\":5}", "{\"event\":\"service.query\",\"service\":[]}"] {
                try await check.publish(HubMessage(body: Array(body.utf8)), to: address, mandatory: false)
            }
            do {
                try await answers(check, "storage_service")
            } catch is CheckFailure {
                throw CheckFailure("service.stopped", "after queries that cannot be read, queries are not answered")
            }
        },
        Check(
            "discovery.query-for-others",
            "A query for another service is not answered",
            .discovery,
            ["HUB-DIS-013"],
            company: .alone
        ) { check in
            // As many without a query in a while come by themselves; with a query every now and then, no more than that.
            func announcements(asking: Bool) async throws -> Int {
                let start = check.session.announcements.count
                for _ in 0..<6 {
                    if asking { try await check.query("conformance_\(check.run.runID)") }
                    try await check.run.time.sleep(for: .milliseconds(120))
                }
                return check.session.announcements.all(from: start).count(where: \.isStorageAnnouncement)
            }
            let unasked = try await announcements(asking: false)
            let asked = try await announcements(asking: true)
            try check.require(
                asked < unasked + 3,
                "announcement.for-others",
                "a discovery.query for another service was answered"
            )
        },
    ]

    /// The queues that queries come to.
    static func listeners(_ check: CheckContext, _ inside: any HubInside) async -> [HubListener] {
        await inside.listeners(to: Topology.Key.query, on: check.session.topology.exchange)
    }

    /// Four queries one after the other. Those that come every third of the TTL come once in the time of two of them, so
    /// that three answers are proof of answers, and one that is slow is none of the contrary.
    private static func answers(_ check: CheckContext, _ service: String) async throws {
        let window = check.announcementWindow
        var answered = 0
        for _ in 0..<4 {
            let start = check.session.announcements.count
            try await check.query(service)
            guard
                let found = await check.session.announcements.take(
                    from: start,
                    within: window,
                    where: \.isStorageAnnouncement
                )
            else {
                try Task.checkCancellation()
                continue
            }
            check.note(found)
            answered += 1
        }
        try check.require(
            answered >= 3,
            "announcement.no-answer",
            "a discovery.query for \(service) was not answered"
        )
    }
}
