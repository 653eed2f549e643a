import HubProtocol
import JSON
import MessageHub

/// How the service says that it is there (docs/protocol.md §14).
enum DiscoveryChecks {
    static let all = [
        Check(
            "discovery.interval",
            "The service announces itself again every third of ttl_seconds",
            .discovery,
            ["HUB-DIS-002"],
            isHeavy: true
        ) { check in
            let first = try await check.setUp { try await announced(check) }
            guard let ttl = first.json?["ttl_seconds"]?.integer, ttl > 0 else {
                throw CheckFailure("announcement.invalid", "an announcement has no ttl_seconds", actual: first.json)
            }
            let interval = Interval(ttlSeconds: Int(min(ttl, 86_400)), roundTrip: check.run.pace.roundTrip)
            let elapsed = check.run.time.now() - check.run.started
            guard interval.longest + elapsed < .seconds(check.run.options.deadlineSeconds) else {
                throw NothingToCheck(
                    message: "a third of a ttl_seconds of \(ttl) is more than a run waits for (--deadline-seconds)"
                )
            }
            // What is asked for by others at the beginning of a run has come by then.
            try await check.run.time.sleep(for: .milliseconds(200) + check.run.quiet)
            let instance = first.json?["instance_id"]
            let start = check.session.announcements.count
            func next(within time: Duration) async throws {
                let found = await check.session.announcements.take(from: start, within: time) {
                    isStorage($0) && $0.json?["instance_id"] == instance
                }
                guard let found else {
                    try Task.checkCancellation()
                    throw CheckFailure(
                        "announcement.not-repeated",
                        "the service did not announce itself again every third of ttl_seconds"
                    )
                }
                check.note(found)
            }
            // One that has just come by itself, as at the service's start, begins an interval; else the first that comes.
            let recent = check.run.time.now() - .milliseconds(min(ttl, 86_400) * 1000 / 6)
            let unasked = check.run.unaskedAnnouncements.last {
                isStorage($0) && $0.json?["instance_id"] == instance && $0.at >= recent
            }
            if unasked == nil { try await next(within: interval.first) }
            let end = (unasked?.at ?? check.run.time.now()) + interval.others
            for _ in 0..<interval.count { try await next(within: max(.zero, end - check.run.time.now())) }
        },
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
            "discovery.shape",
            "An announcement has every field, and content_type application/json",
            .discovery,
            ["HUB-DIS-001", "HUB-DIS-003", "HUB-DIS-008"]
        ) { check in
            let found = try await check.setUp { try await announced(check) }
            do throws(InvalidFields) {
                _ = try ServiceAnnouncement(found.json ?? .null)
            } catch {
                throw CheckFailure("announcement.invalid", "an announcement: \(error)", actual: found.json)
            }
            try check.requireEqual(
                found.json?["status"],
                "up",
                "announcement.status",
                "a service that answers does not announce itself as up"
            )
        },
        Check(
            "discovery.content-type",
            "An announcement has content_type application/json",
            .discovery,
            ["HUB-DIS-007"]
        ) { check in
            let found = try await check.setUp { try await announced(check) }
            try check.require(
                found.message.contentType == Topology.contentType,
                "announcement.content-type",
                "the content_type of an announcement is not application/json"
            )
        },
        Check(
            "discovery.properties",
            "An announcement has version and operations",
            .discovery,
            ["HUB-DIS-019"]
        ) { check in
            let found = try await check.setUp { try await announced(check) }
            try check.require(
                found.json?["version"]?.string != nil && found.json?["operations"]?.array != nil,
                "announcement.properties-missing",
                "an announcement has no version or no operations",
                expected: ["version": "…", "operations": []],
                actual: found.json
            )
        },
        Check(
            "discovery.operations",
            "The operations of an announcement are those that the service knows",
            .discovery,
            ["HUB-DIS-009"]
        ) { check in
            let found = try await check.setUp { try await announced(check) }
            guard let names = found.json?["operations"]?.array?.compactMap(\.string) else {
                throw NothingToCheck(message: "the announcement names no operations")
            }
            // Those of the document alone: what an operation of the service's own does, nobody here knows (HUB-EXT-004).
            for operation in OperationName.allCases.map(\.rawValue) {
                let data: JSONValue = operation == "list_images" ? ["limit": 1] : [:]
                var question = Question(operation, check.newID(), data)
                question.isWrong = operation != "list_images"
                let isKnown = try await check.ask(question).code != "UNKNOWN_OPERATION"
                try check.require(
                    names.contains(operation) == isKnown,
                    "announcement.operations",
                    "the operations of an announcement are not those that the service knows: \(operation)",
                    actual: found.json?["operations"]
                )
            }
        },
        Check(
            "discovery.instance-id",
            "An instance keeps its instance_id while it runs",
            .discovery,
            ["HUB-DIS-010"],
            company: .alone
        ) { check in
            var ids: Set<String> = []
            for _ in 0..<3 {
                let start = check.session.announcements.count
                try await check.query("storage_service")
                let found = await check.session.announcements.take(
                    from: start,
                    within: check.run.timeout,
                    where: isStorage
                )
                guard let found else {
                    throw Obstacle("setup.failed", "what the check stands on failed: no announcement")
                }
                ids.insert(found.json?["instance_id"]?.string ?? "")
            }
            // Several instances share the queue, each with an id of its own.
            let queue = check.session.topology.queue
            let consumers = try await check.throughHub { () async throws(HubError) in
                try await check.session.apart { connection throws(HubError) in
                    try await connection.declareQueue(QueueDeclaration(name: queue, isPassive: true)).consumerCount
                }
            }
            try check.require(
                ids.count <= max(1, consumers) && !ids.contains(""),
                "announcement.instance-id",
                "announcements have more instance_ids than the queue has consumers, or none"
            )
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
                return check.session.announcements.all(from: start).count(where: isStorage)
            }
            let unasked = try await announcements(asking: false)
            let asked = try await announcements(asking: true)
            try check.require(
                asked < unasked + 3,
                "announcement.for-others",
                "a discovery.query for another service was answered"
            )
        },
        Check(
            "discovery.url",
            "The url of an announcement is the base URL of the asset API",
            .discovery,
            ["HUB-DIS-005", "HUB-SEC-003"],
            needs: [.assets]
        ) { check in
            let found = try await check.setUp { try await announced(check) }
            guard let url = found.json?["url"]?.string, url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw CheckFailure("announcement.url", "the url of an announcement is no URL", actual: found.json)
            }
            try check.require(
                !url.contains("@"),
                "announcement.credentials",
                "the url of an announcement holds credentials"
            )
            let base = url.hasSuffix("/") ? String(url.dropLast()) : url
            let asset = try await check.storedAsset()
            do {
                let read = try await check.http(AssetRequest("GET", base + AssetName.path(of: asset.name)))
                try check.require(
                    read.status == 200 && read.body == asset.bytes,
                    "announcement.url",
                    "below the url of an announcement there is no asset API with our asset"
                )
            } catch let failure as CheckFailure where failure.reason == "http.no-answer" {
                throw CheckFailure("announcement.url", "at the url of an announcement nobody answers")
            }
        },
        Check(
            "discovery.start",
            "The service announces itself when it starts to consume",
            .discovery,
            ["HUB-DIS-001"],
            needs: [.restart],
            company: .alone
        ) { check in
            let start = check.session.announcements.count
            try await check.restartService()
            let found = await check.session.announcements.take(from: start, within: window(check)) {
                isStorage($0) && $0.json?["status"] == "up"
            }
            guard let found else {
                try Task.checkCancellation()
                throw CheckFailure("announcement.none-at-start", "after its start the service did not announce itself")
            }
            check.note(found)
        },
        Check(
            "discovery.goodbye",
            "A service that stops in order announces draining or down",
            .discovery,
            ["HUB-DIS-020"],
            needs: [.restart],
            company: .alone
        ) { check in
            let start = check.session.announcements.count
            try await check.restartService()
            let said = check.session.announcements.all(from: start).contains {
                isStorage($0) && ["draining", "down"].contains($0.json?["status"]?.string ?? "")
            }
            try check.require(
                said,
                "announcement.none-at-stop",
                "at its stop the service announced neither draining nor down (a service that is killed cannot)"
            )
        },
    ]

    /// How long announcements are waited for that come every third of a TTL.
    private struct Interval {
        let ttlSeconds: Int
        let roundTrip: Duration

        /// What a busy machine may delay an announcement by, and a slow service that is asked by other checks meanwhile.
        private var slackMs: Int { 2000 + max(0, Int(roundTrip / .milliseconds(1)) - 10) * 100 }
        /// So many that those which come half as late again are told from those that come late by that once: the bound
        /// is a sixth of the TTL for each beyond what it should be.
        var count: Int { max(1, (slackMs * 6 / 1000 + ttlSeconds - 1) / ttlSeconds) }
        /// The first comes within a third of the TTL.
        var first: Duration { .milliseconds(ttlSeconds * 1000 / 3 + max(slackMs, ttlSeconds * 1000 / 6)) }
        /// The others have half of the TTL each, in sum.
        var others: Duration { .milliseconds(ttlSeconds * 1000 / 2 * count) }
        var longest: Duration { first + others + .seconds(1) }
    }

    static func isStorage(_ message: Received) -> Bool {
        message.json?["event"] == "service.announced" && message.json?["service"] == "storage_service"
    }

    /// An announcement that has come, or comes when it is asked for.
    private static func announced(_ check: CheckContext) async throws -> Received {
        if let there = check.session.announcements.all().last(where: isStorage) {
            check.note(there)
            return there
        }
        try await check.query("storage_service")
        guard let found = await check.session.announcements.take(within: check.run.timeout, where: isStorage) else {
            try Task.checkCancellation()
            throw CheckFailure("announcement.missing", "the service does not announce itself")
        }
        check.note(found)
        return found
    }

    /// Half of the time between two announcements that come anyway, or the timeout where that is less.
    static func window(_ check: CheckContext) -> Duration {
        let ttl = check.session.announcements.all().last(where: isStorage)?.json?["ttl_seconds"]?.integer
        guard let ttl else { return check.run.timeout }
        return min(check.run.timeout, .milliseconds(max(1, min(ttl, 86_400)) * 1000 / 6))
    }

    /// Four queries one after the other. Those that come every third of the TTL come once in the time of two of them, so
    /// that three answers are proof of answers, and one that is slow is none of the contrary.
    private static func answers(_ check: CheckContext, _ service: String) async throws {
        let window = window(check)
        var answered = 0
        for _ in 0..<4 {
            let start = check.session.announcements.count
            try await check.query(service)
            guard let found = await check.session.announcements.take(from: start, within: window, where: isStorage)
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

extension CheckContext {
    /// Asks who is there.
    func query(_ service: String) async throws {
        run.asking()
        let query = ServiceQuery(service: service)
        let message = HubMessage(
            body: query.encoded(),
            contentType: Topology.contentType,
            type: Topology.Key.query,
            appID: "storage_conformance"
        )
        // Nobody has to listen for queries; so it may come back.
        let address = HubAddress(exchange: session.topology.exchange, routingKey: Topology.Key.query)
        try await publish(message, to: address, mandatory: false)
    }
}
