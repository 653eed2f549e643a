import JSON

/// How a service says that it is there (contract §3): at start, every third of its TTL, at stop, and when asked.
public struct ServiceAnnouncement: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case up
        /// Finishing what it has; takes nothing new.
        case draining
        case down
    }

    /// The service's name, such as `storage_service`.
    public var service: String
    /// One running process; a UUID.
    public var instanceID: String
    /// The program's version.
    public var version: String
    /// The protocol's version.
    public var protocolVersion: String
    public var status: Status
    /// Its base URL.
    public var url: String
    /// The operations that it takes; empty for a service that takes none.
    public var operations: [String]
    /// An instance not heard of for this long counts as gone.
    public var ttlSeconds: Int

    public static let defaultTTLSeconds = 30
    public static let currentProtocolVersion = "2.0"

    public init(
        service: String,
        instanceID: String,
        version: String,
        protocolVersion: String = currentProtocolVersion,
        status: Status,
        url: String,
        operations: [String],
        ttlSeconds: Int = defaultTTLSeconds
    ) {
        self.service = service
        self.instanceID = instanceID
        self.version = version
        self.protocolVersion = protocolVersion
        self.status = status
        self.url = url
        self.operations = operations
        self.ttlSeconds = ttlSeconds
    }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "body"))
        fields.constant("event", "service.announced")
        service = fields.string("service", length: 1...255)
        instanceID = fields.string("instance_id", length: 1...255)
        version = fields.optionalString("version", length: 0...255) ?? ""
        protocolVersion = fields.string("protocol", length: 1...255)
        let status: Status? = fields.name("status", expected: "up, draining or down")
        url = fields.string("url", length: 1...ProtocolLimits.urlLengthMax)
        let names = fields.value("operations") == nil ? [] : fields.array("operations")
        operations = names.compactMap(\.string)
        if operations.count != names.count { fields.report("operations", "must hold strings only") }
        ttlSeconds = fields.integer("ttl_seconds", in: 1...86_400)
        try fields.finish()
        guard let status else { preconditionFailure("Cannot get here: an unknown status was reported") }
        self.status = status
    }

    public var json: JSONValue {
        [
            "event": "service.announced", "service": .string(service), "instance_id": .string(instanceID),
            "version": .string(version), "protocol": .string(protocolVersion), "status": .string(status.rawValue),
            "url": .string(url), "operations": .array(operations.map(JSONValue.string)),
            "ttl_seconds": .integer(Int64(ttlSeconds)),
        ]
    }

    public func encoded() -> [UInt8] { json.encoded() }
}
