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

    init(_ announcement: ServiceAnnouncement) {
        service = announcement.service
        instanceID = announcement.instanceID
        version = announcement.version
        status = announcement.status
        url = announcement.url
        operations = announcement.operations
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

    /// The URL of an instance that takes requests: always the one with the lowest id, so that it stays the same while
    /// that instance is there.
    public func url(of service: String) -> String? {
        instances.first { $0.service == service && $0.status == .up }?.url
    }

    /// Where storage's asset API is, by what storage says.
    public var storageURL: String? { url(of: Topology.App.storageService) }
}
