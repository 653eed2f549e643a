import JSON

/// What storage tells everybody after an effect (contract §3): at least once, per image in order.
public struct StorageEvent: Sendable, Hashable {
    /// What happened; also the routing key.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case created = "image.created"
        case updated = "image.updated"
        case versionCreated = "image.version_created"
        case deleted = "image.deleted"
    }

    public var kind: Kind
    /// A UUID of its own.
    public var eventID: String
    public var occurredAt: Timestamp
    /// The operation that caused it.
    public var operationID: String
    /// The image after the effect; for `image.deleted`, as it last was.
    public var record: ImageRecord

    public init(kind: Kind, eventID: String, occurredAt: Timestamp, operationID: String, record: ImageRecord) {
        self.kind = kind
        self.eventID = eventID
        self.occurredAt = occurredAt
        self.operationID = operationID
        self.record = record
    }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "body"))
        let kind: Kind? = fields.name("event", expected: "the name of an event")
        eventID = fields.string("event_id", length: 1...ProtocolLimits.operationIDLengthMax)
        occurredAt = fields.timestamp("occurred_at")
        operationID = fields.string("operation_id", length: 1...ProtocolLimits.operationIDLengthMax)
        let data = fields.object("data")
        try fields.finish()
        guard let kind else { preconditionFailure("Cannot get here: an unknown event was reported") }
        self.kind = kind
        record = try ImageRecord(.object(data))
    }

    public var json: JSONValue {
        [
            "event": .string(kind.rawValue), "event_id": .string(eventID),
            "occurred_at": .string(occurredAt.description), "operation_id": .string(operationID),
            "data": record.json,
        ]
    }

    public func encoded() -> [UInt8] { json.encoded() }
}
