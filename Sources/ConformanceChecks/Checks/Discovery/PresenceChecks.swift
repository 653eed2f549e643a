import HubProtocol
import JSON
import MessageHub

/// When the service announces itself unasked, and as whom (docs/protocol.md §14).
enum PresenceChecks {
    /// The longest `ttl_seconds` of which a third is waited for on a connection by itself.
    private static let ttlSecondsMax: Int64 = 7

    static let all = [
        Check(
            "discovery.interval",
            "The service announces itself again every third of ttl_seconds",
            .discovery,
            ["HUB-DIS-002"],
            isHeavy: true
        ) { check in
            let first = try await check.setUp { try await check.announced() }
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
                    $0.isStorageAnnouncement && $0.json?["instance_id"] == instance
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
                $0.isStorageAnnouncement && $0.json?["instance_id"] == instance && $0.at >= recent
            }
            if unasked == nil { try await next(within: interval.first) }
            let end = (unasked?.at ?? check.run.time.now()) + interval.others
            for _ in 0..<interval.count { try await next(within: max(.zero, end - check.run.time.now())) }
        },
        Check(
            "discovery.interval-again",
            "On a new connection the service goes on to announce itself every third of ttl_seconds",
            .discovery,
            ["HUB-DIS-002"],
            needs: [.insideHub],
            company: .alone,
            isHeavy: true
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let ttl = try await check.setUp { try await check.announced() }.json?["ttl_seconds"]?.integer ?? 0
            guard (1...ttlSecondsMax).contains(ttl) else {
                throw NothingToCheck(
                    message:
                        "a third of a ttl_seconds of \(ttl) is more than is waited for a second time in a run (for one "
                        + "of up to \(ttlSecondsMax) it is)"
                )
            }
            let start = check.session.announcements.count
            await inside.cutConsumers(of: check.session.topology.queue, deletingIt: false)
            try await check.setUp { try await check.waitForService() }
            let interval = Interval(ttlSeconds: Int(ttl), roundTrip: check.run.pace.roundTrip)
            func next() async throws -> Received? {
                let found = await check.session.announcements.take(from: start, within: interval.first) {
                    $0.isStorageAnnouncement && $0.json?["status"] == "up"
                }
                try Task.checkCancellation()
                if let found { check.note(found) }
                return found
            }
            // That of its start, and then one that nobody asks for, of each instance.
            var heard: Set<JSONValue> = []
            while let found = try await next() {
                if !heard.insert(found.json?["instance_id"] ?? .null).inserted { return }
            }
            throw CheckFailure(
                "announcement.not-repeated",
                "after its connection was cut the service announced itself at the start and did not again within "
                    + "\(Int(interval.first / .milliseconds(1))) ms, with a ttl_seconds of \(ttl)"
            )
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
                    where: \.isStorageAnnouncement
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
            guard let inside = check.run.surroundings.inside else { return }
            // Connections that consume requests and hear queries: where there are several, so are the instances.
            let hearing = Set(await QueryChecks.listeners(check, inside).flatMap(\.connections))
            let answering = Set(await inside.consumers(of: queue)).intersection(hearing).count
            guard answering > 1 else { return }
            let own = try await check.instances(upTo: answering)
            try check.require(
                own.count >= answering,
                "announcement.instance-id",
                "\(answering) connections consume requests and hear queries, and do not announce themselves each under an "
                    + "instance_id of its own",
                expected: ["instance_ids": .integer(Int64(answering))],
                actual: ["instance_ids": .array(own.sorted().map(JSONValue.string))]
            )
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
            let found = await check.session.announcements.take(from: start, within: check.announcementWindow) {
                $0.isStorageAnnouncement && $0.json?["status"] == "up"
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
                $0.isStorageAnnouncement && ["draining", "down"].contains($0.json?["status"]?.string ?? "")
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
}
