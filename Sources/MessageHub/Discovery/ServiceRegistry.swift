import HubProtocol

/// Which instances of which services are there, by what they announced and how long that holds. No clock, no I/O.
struct ServiceRegistry {
    private struct Key: Hashable {
        var service: String
        var instanceID: String
    }

    private struct Entry {
        var instance: ServiceInstance
        /// From when on an announcement is missing: they come every third of the TTL.
        var overdueAt: Duration
        var expiresAt: Duration
    }

    private var entries: [Key: Entry] = [:]
    private let instancesMax: Int

    init(instancesMax: Int) { self.instancesMax = instancesMax }

    /// An instance announced itself. One that is `down` is forgotten at once.
    mutating func announced(_ announcement: ServiceAnnouncement, now: Duration) {
        let key = Key(service: announcement.service, instanceID: announcement.instanceID)
        guard announcement.status != .down else {
            entries[key] = nil
            return
        }
        expire(now: now)
        if entries[key] == nil, entries.count >= instancesMax,
            let first = entries.min(by: { $0.value.expiresAt < $1.value.expiresAt })
        {
            entries[first.key] = nil
        }
        let earlier = entries[key].flatMap { $0.instance.url == announcement.url ? $0.instance.since : nil }
        let ttl = Duration.seconds(announcement.ttlSeconds)
        entries[key] = Entry(
            instance: ServiceInstance(announcement, since: earlier ?? now),
            overdueAt: now + ttl / 2,
            expiresAt: now + ttl
        )
    }

    /// Forgets what was not heard of for its TTL.
    mutating func expire(now: Duration) { entries = entries.filter { $0.value.expiresAt > now } }

    /// When the next one expires; `nil` where there is none.
    var nextExpiry: Duration? { entries.values.lazy.map(\.expiresAt).min() }

    /// Everything that is there, by service and instance id.
    func snapshot(now: Duration) -> ServiceSnapshot {
        let instances = entries.values.lazy.filter { $0.expiresAt > now }.map { entry in
            var instance = entry.instance
            instance.isOverdue = entry.overdueAt <= now
            return instance
        }
        return ServiceSnapshot(instances.sorted { ($0.service, $0.instanceID) < ($1.service, $1.instanceID) })
    }
}
