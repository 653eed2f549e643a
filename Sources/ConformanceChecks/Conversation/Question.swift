import HubProtocol
import JSON
import MessageHub

/// A request that a check sends: right in everything unless the check has it otherwise.
struct Question: Sendable {
    enum ReplyTo: Sendable, Hashable {
        case own
        case none
        case queue(String)
    }

    var operation: String
    var operationID: String
    var data: JSONValue
    /// Fields beside the three that an envelope has.
    var envelope: [String: JSONValue] = [:]
    /// The body, where it is not the envelope.
    var body: [UInt8]?
    var replyTo = ReplyTo.own
    /// `nil`: none; else in place of the operation id.
    var correlationID: String?
    var headers: [String: HubHeaderValue] = [:]
    /// Nothing but `reply_to`.
    var isBare = false
    /// It breaks a rule on purpose.
    var isWrong = false
    /// The document lets a service read it or not.
    var mayBeUnreadable = false

    /// Whether it is as any requester's would be, so that it can be asked again by whoever has a reply queue.
    var isOrdinary: Bool {
        body == nil && replyTo == .own && !isBare && !isWrong && correlationID == operationID && envelope.isEmpty
            && headers.isEmpty
            && OperationName(rawValue: operation)?.hasEffect == true
    }

    /// The operation id as far as a service can read it.
    enum ReadableID: Hashable {
        case known(String)
        /// There is none in the body.
        case none
        /// A service may make of it what it likes.
        case unclear
    }

    /// The operation id of the body, as a service reads it: what a reply has to name.
    var readableID: ReadableID {
        if mayBeUnreadable { return .unclear }
        if body == nil, envelope["operation_id"] == nil { return .known(operationID) }
        // What is no JSON to this reader is none to any: where others may differ, the question says so.
        guard let members = (try? JSONValue(parsing: bytes))?.object else { return .none }
        switch members["operation_id"] ?? .null {
        case .null: return .none
        case .string(let id):
            return 1...ProtocolLimits.operationIDLengthMax ~= id.unicodeScalars.count ? .known(id) : .unclear
        case .bool, .integer, .number, .array, .object: return .unclear
        }
    }

    /// The `correlation_id` that the message has.
    var sentCorrelationID: String? { isBare ? nil : correlationID }

    init(_ operation: String, _ operationID: String, _ data: JSONValue) {
        self.operation = operation
        self.operationID = operationID
        self.data = data
        correlationID = operationID
    }

    var bytes: [UInt8] {
        if let body { return body }
        var members: [String: JSONValue] = [
            "operation": .string(operation), "operation_id": .string(operationID), "data": data,
        ]
        members.merge(envelope) { _, other in other }
        return JSONValue.object(members).encoded()
    }

    /// The message. Throws where it is not what the document says, and not on purpose: then the checker is broken.
    func message(replyTo queue: String?, timeoutMs: Int, now: Timestamp) throws(CheckerFault) -> HubMessage {
        let bytes = bytes
        let problem = Self.problem(of: bytes)
        if isWrong, problem == nil {
            throw CheckerFault("a request that should be wrong is right: \(operation)")
        }
        if !isWrong, let problem { throw CheckerFault("\(operation) breaks the protocol itself: \(problem)") }
        guard !isBare else { return HubMessage(body: bytes, replyTo: queue) }
        return HubMessage(
            body: bytes,
            contentType: Topology.contentType,
            isPersistent: true,
            messageID: correlationID,
            correlationID: correlationID,
            replyTo: queue,
            type: Topology.Key.request,
            appID: "storage_conformance",
            timestampSeconds: UInt64(max(0, now.millisecondsSinceEpoch / 1000)),
            expirationMs: timeoutMs,
            headers: headers.merging(["event_type": .string(Topology.Key.request)]) { own, _ in own }
        )
    }

    /// What a body breaks of the rules for requests; `nil`: nothing.
    private static func problem(of body: [UInt8]) -> String? {
        do {
            let request = try StorageRequest(parsing: body)
            guard let name = OperationName(rawValue: request.operation) else { return "unknown operation" }
            _ = try StorageOperation(name, data: request.data)
            return nil
        } catch let error as MalformedRequest {
            return "\(error.problems)"
        } catch {
            return "\(error)"
        }
    }
}
