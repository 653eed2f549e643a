import HubProtocol

/// One instance of a service, as it announced itself last.
public struct ServiceInstance: Sendable, Hashable {
    public var service: String
    public var instanceID: String
    public var version: String
    /// Up or draining; one that is down is not listed.
    public var status: ServiceAnnouncement.Status
    public var url: String
    public var operations: [String]
    /// When it was first heard at this URL, on the listener's clock.
    public var since: Duration
    /// Whether an announcement of it is missing, though its TTL is not over: it may have died.
    public var isOverdue = false

    init(_ announcement: ServiceAnnouncement, since: Duration) {
        service = announcement.service
        instanceID = announcement.instanceID
        version = announcement.version
        status = announcement.status
        url = announcement.url
        operations = announcement.operations
        self.since = since
    }
}

/// The services that are there at one moment.
public struct ServiceSnapshot: Sendable, Equatable {
    /// By service, then by instance id.
    public let instances: [ServiceInstance]

    init(_ instances: [ServiceInstance] = []) { self.instances = instances }

    /// The instances of one service.
    public func instances(of service: String) -> [ServiceInstance] { instances.filter { $0.service == service } }

    /// Whether an instance of the service takes requests.
    public func isAnyUp(_ service: String) -> Bool { url(of: service) != nil }

    /// The URL of an instance that takes requests: of the one that came last, so that one that takes the place of another
    /// is found before the other's TTL is over; one whose announcement is missing only where there is no better.
    public func url(of service: String) -> String? {
        let up = instances.filter { $0.service == service && $0.status == .up }
        // The first of several that came at once, so that it stays the same.
        return up.reduce(up.first) { best, other in
            guard let best else { return other }
            if best.isOverdue != other.isOverdue { return best.isOverdue ? other : best }
            return other.since > best.since ? other : best
        }?.url
    }

    /// Where storage's asset API is, by what storage says.
    public var storageURL: String? { url(of: Topology.App.storageService) }
}
