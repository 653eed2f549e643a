import JSON

/// The body of a request: `{"operation": …, "operation_id": …, "data": {…}}`.
///
/// `operation` is any string here: whether storage knows it is decided after the envelope was read.
public struct StorageRequest: Sendable, Hashable {
    public var operation: String
    /// 1 to 255 characters, compared exactly.
    public var operationID: String
    public var data: [String: JSONValue]

    public init(operation: String, operationID: String, data: [String: JSONValue]) {
        self.operation = operation
        self.operationID = operationID
        self.data = data
    }

    public init(_ operation: StorageOperation, operationID: String) {
        self.init(operation: operation.name.rawValue, operationID: operationID, data: operation.data)
    }

    /// Reads a body. An absent `data` is an empty one.
    public init(parsing body: [UInt8]) throws(MalformedRequest) {
        var fields: FieldReader
        do {
            fields = FieldReader(try FieldReader.members(parsing: body))
        } catch {
            throw MalformedRequest(operationID: nil, problems: error)
        }
        operationID = fields.string("operation_id", length: 1...ProtocolLimits.operationIDLengthMax)
        let known = fields.problems.isEmpty ? operationID : nil
        operation = fields.string("operation", length: 1...Int.max)
        data = fields.value("data") == nil ? [:] : fields.object("data")
        do {
            try fields.finish()
        } catch {
            throw MalformedRequest(operationID: known, problems: error)
        }
    }

    public var json: JSONValue {
        ["operation": .string(operation), "operation_id": .string(operationID), "data": .object(data)]
    }

    public func encoded() -> [UInt8] { json.encoded() }
}

/// A body that is no request. It is answered with `VALIDATION_ERROR` when there is somewhere to answer to.
public struct MalformedRequest: Error, Sendable, Hashable {
    /// The request's id, where one could be read.
    public let operationID: String?
    public let problems: InvalidFields

    public init(operationID: String?, problems: InvalidFields) {
        self.operationID = operationID
        self.problems = problems
    }
}
