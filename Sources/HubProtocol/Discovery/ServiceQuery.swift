import JSON

/// Asks services to announce themselves now (contract §7).
public struct ServiceQuery: Sendable, Hashable {
    /// The service's name, or `*` for everybody.
    public var service: String

    public init(service: String) { self.service = service }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "body"))
        fields.constant("event", "service.query")
        service = fields.string("service", length: 1...255)
        try fields.finish()
    }

    /// Whether a service of this name is asked.
    public func asks(_ name: String) -> Bool { service == "*" || service == name }

    public var json: JSONValue { ["event": "service.query", "service": .string(service)] }

    public func encoded() -> [UInt8] { json.encoded() }
}
