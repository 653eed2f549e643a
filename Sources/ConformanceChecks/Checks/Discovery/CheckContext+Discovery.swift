import HubProtocol
import JSON
import MessageHub

/// The steps that checks of discovery are made of.
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

    /// An announcement that has come, or comes when it is asked for.
    func announced() async throws -> Received {
        if let there = session.announcements.all().last(where: \.isStorageAnnouncement) {
            note(there)
            return there
        }
        try await query("storage_service")
        guard let found = await session.announcements.take(within: run.timeout, where: \.isStorageAnnouncement) else {
            try Task.checkCancellation()
            throw CheckFailure("announcement.missing", "the service does not announce itself")
        }
        note(found)
        return found
    }

    /// The instance ids of a run so far.
    var announcedInstances: Set<String> {
        Set(session.announcements.all().filter(\.isStorageAnnouncement).compactMap { $0.json?["instance_id"]?.string })
    }

    /// The instance ids of those who announce themselves after a query, until there are so many.
    func instances(upTo count: Int) async throws -> Set<String> {
        let start = session.announcements.count
        try await query("storage_service")
        let end = run.time.now() + run.timeout
        var ids: Set<String> = []
        while ids.count < count {
            let found = await session.announcements.take(
                from: start,
                within: max(.zero, end - run.time.now()),
                where: \.isStorageAnnouncement
            )
            guard let found else { break }
            note(found)
            ids.insert(found.json?["instance_id"]?.string ?? "")
        }
        try Task.checkCancellation()
        return ids
    }

    /// Half of the time between two announcements that come anyway, or the timeout where that is less.
    var announcementWindow: Duration {
        let ttl = session.announcements.all().last(where: \.isStorageAnnouncement)?.json?["ttl_seconds"]?.integer
        guard let ttl else { return run.timeout }
        return min(run.timeout, .milliseconds(max(1, min(ttl, 86_400)) * 1000 / 6))
    }
}

extension Received {
    /// Whether a storage service announces itself.
    var isStorageAnnouncement: Bool {
        json?["event"] == "service.announced" && json?["service"] == "storage_service"
    }
}
