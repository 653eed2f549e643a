import JSON

/// The body of a reply: success with data, or an error with code, message and details.
public struct StorageReply: Sendable, Hashable {
    /// The request's id; `nil` (JSON `null`) where the request's body could not be read.
    public var operationID: String?
    public var outcome: Outcome

    public enum Outcome: Sendable, Hashable {
        case success(JSONValue)
        case failure(StorageFailure)
    }

    public init(operationID: String?, outcome: Outcome) {
        self.operationID = operationID
        self.outcome = outcome
    }

    /// Reads a body. Throws every rule of the envelope that it breaks; the operation's own data is read by its type.
    public init(parsing body: [UInt8]) throws(MalformedReply) {
        var fields: FieldReader
        do {
            fields = FieldReader(try FieldReader.members(parsing: body))
        } catch {
            throw MalformedReply(operationID: nil, problems: error)
        }
        let text = fields.optionalString("operation_id", length: 1...ProtocolLimits.operationIDLengthMax)
        let operationID = fields.problems.isEmpty ? text : nil
        let status = fields.string("status", length: 0...Int.max)
        var outcome = Outcome.success(.null)
        switch status {
        case "success":
            outcome = .success(.object(fields.object("data")))
        case "error":
            var failure = FieldReader(fields.object("error"), path: "error.")
            let hasError = fields.value("error")?.object != nil
            let code = failure.string("code", length: 1...Int.max)
            let message = failure.optionalString("message", length: 0...Int.max) ?? ""
            let details = failure.value("details") == nil ? [:] : failure.object("details")
            if hasError { fields.adopt(failure) }
            outcome = .failure(StorageFailure(code: code, message: message, details: details))
        default:
            if fields.value("status")?.string != nil { fields.report("status", "must be success or error") }
        }
        do {
            try fields.finish()
        } catch {
            throw MalformedReply(operationID: operationID, problems: error)
        }
        self.init(operationID: operationID, outcome: outcome)
    }

    public var json: JSONValue {
        let id = operationID.map(JSONValue.string) ?? .null
        switch outcome {
        case .success(let data):
            return ["operation_id": id, "status": "success", "data": data]
        case .failure(let failure):
            return ["operation_id": id, "status": "error", "error": failure.json]
        }
    }

    public func encoded() -> [UInt8] { json.encoded() }
}

/// The `error` of a reply.
public struct StorageFailure: Error, Sendable, Hashable {
    /// One of `StorageErrorCode`; another text where storage is newer than this document.
    public var code: String
    /// For people; never empty in what we send.
    public var message: String
    public var details: [String: JSONValue]

    public init(code: String, message: String, details: [String: JSONValue] = [:]) {
        self.code = code
        self.message = message
        self.details = details
    }

    public init(_ code: StorageErrorCode, _ message: String, details: [String: JSONValue] = [:]) {
        self.init(code: code.rawValue, message: message, details: details)
    }

    /// The code, where this document knows it.
    public var knownCode: StorageErrorCode? { StorageErrorCode(rawValue: code) }

    var json: JSONValue {
        ["code": .string(code), "message": .string(message), "details": .object(details)]
    }
}

/// A body that is no reply.
public struct MalformedReply: Error, Sendable, Hashable {
    /// The request it seems to answer, where one could be read.
    public let operationID: String?
    public let problems: InvalidFields

    public init(operationID: String?, problems: InvalidFields) {
        self.operationID = operationID
        self.problems = problems
    }
}
