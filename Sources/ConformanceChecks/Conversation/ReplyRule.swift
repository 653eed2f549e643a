import HubProtocol
import JSON

/// What every reply has to be, whatever it answers (docs/protocol.md §2, Replies, §3 and §9).
///
/// A rule is held to each reply of the whole run where it comes in, whichever check has asked. What breaks it is the
/// result of the check that the rule belongs to; those that only asked are about something else.
struct ReplyRule: Sendable {
    /// The id of the check that says so.
    let check: String
    /// How the reply breaks the rule; `nil`: it does not.
    let failure: @Sendable (Question, Received) -> CheckFailure?

    static let all = [
        ReplyRule(check: "reply.content-type") { question, reply in
            differing(
                reply.message.contentType,
                at: "content_type",
                Topology.contentType,
                "reply.content-type",
                "the content_type of \(name(reply, to: question)) is not application/json"
            )
        },
        ReplyRule(check: "reply.properties", failure: missingProperties),
        ReplyRule(check: "reply.success-shape", failure: wrongEnvelope),
        ReplyRule(check: "reply.error-shape", failure: wrongError),
        ReplyRule(check: "errors.known-codes") { question, reply in
            guard reply.status == "error", let code = reply.code, StorageErrorCode(rawValue: code) == nil else {
                return nil
            }
            return CheckFailure(
                "error.unknown-code",
                "the code of \(name(reply, to: question)) is none of the table",
                actual: reply.json
            )
        },
        ReplyRule(check: "reply.operation-id") { question, reply in
            guard case .known(let id) = question.readableID, let json = reply.json, json["operation_id"] != .string(id)
            else { return nil }
            return CheckFailure(
                "reply.operation-id-changed",
                "\(name(reply, to: question)) has another operation_id than the request",
                expected: ["operation_id": .string(id)],
                actual: json["operation_id"].map { ["operation_id": $0] } ?? [:]
            )
        },
        ReplyRule(check: "body.unreadable-id-null") { question, reply in
            guard question.readableID == .none, let json = reply.json, json["operation_id"] != JSONValue.null else {
                return nil
            }
            return CheckFailure(
                "reply.operation-id-not-null",
                "the operation_id of \(name(reply, to: question)) is not null",
                expected: ["operation_id": nil],
                actual: json
            )
        },
        ReplyRule(check: "reply.correlation-id") { question, reply in
            guard question.readableID != .none else { return nil }
            return otherCorrelationID(question, reply)
        },
        ReplyRule(check: "body.unreadable-correlation") { question, reply in
            guard question.readableID == .none else { return nil }
            return otherCorrelationID(question, reply)
        },
        ReplyRule(check: "reply.correlation-id-absent") { question, reply in
            guard question.sentCorrelationID == nil, case .known(let id) = question.readableID,
                id.utf8.count <= Limits.shortStringBytesMax
            else { return nil }
            return differing(
                reply.message.correlationID,
                at: "correlation_id",
                id,
                "reply.correlation-id-not-operation-id",
                "without a correlation_id in the request, that of \(name(reply, to: question)) is not the operation id"
            )
        },
    ]

    // MARK: The rules that take more

    private static func missingProperties(_ question: Question, _ reply: Received) -> CheckFailure? {
        let message = reply.message
        let missing = [
            ("type", message.type == nil), ("app_id", message.appID == nil),
            ("timestamp", message.timestampSeconds == nil),
        ].filter(\.1).map(\.0)
        guard !missing.isEmpty else { return nil }
        return CheckFailure(
            "reply.properties-missing",
            "\(name(reply, to: question)) has no \(missing.joined(separator: ", "))"
        )
    }

    /// What every body has, and what that of a success has.
    private static func wrongEnvelope(_ question: Question, _ reply: Received) -> CheckFailure? {
        guard let json = reply.json, json.object != nil else {
            // One that repeats what is no text is no JSON to this reader.
            if question.mayBeUnreadable, reply.json == nil { return nil }
            return CheckFailure(
                "reply.unreadable",
                "the body of \(name(reply, to: question)) is no JSON object in UTF-8",
                expected: ["operation_id": "…", "status": "…"],
                actual: reply.json
            )
        }
        guard let id = json["operation_id"], id.string != nil || id == .null else {
            return CheckFailure(
                "reply.incomplete",
                "\(name(reply, to: question)) has no operation_id",
                expected: ["operation_id": "…"],
                actual: json
            )
        }
        guard let status = json["status"]?.string else {
            return CheckFailure(
                "reply.incomplete",
                "\(name(reply, to: question)) has no status",
                expected: ["status": "…"],
                actual: json
            )
        }
        guard ["success", "error"].contains(status) else {
            return CheckFailure(
                "reply.status",
                "the status of \(name(reply, to: question)) is neither success nor error",
                expected: ["status": json["error"] == nil ? "success" : "error"],
                actual: json
            )
        }
        guard status == "error" || json["data"]?.object != nil else {
            return CheckFailure(
                "reply.no-data",
                "\(name(reply, to: question)) is a success without an object data",
                expected: ["data": [:]],
                actual: json
            )
        }
        return nil
    }

    private static func wrongError(_ question: Question, _ reply: Received) -> CheckFailure? {
        guard let json = reply.json, reply.status == "error" else { return nil }
        let error = json["error"]
        guard error?["code"]?.string != nil, let message = error?["message"]?.string else {
            return CheckFailure(
                "reply.no-error",
                "the error in \(name(reply, to: question)) is no object of the strings code and message",
                expected: ["error": ["code": "…", "message": "…"]],
                actual: json
            )
        }
        if message.isEmpty {
            return CheckFailure(
                "reply.empty-message",
                "the message of the error in \(name(reply, to: question)) is empty",
                expected: ["error": ["message": "…"]],
                actual: json
            )
        }
        if let details = error?["details"], details != .null, details.object == nil {
            return CheckFailure(
                "reply.details-no-object",
                "the details of the error in \(name(reply, to: question)) are no object",
                expected: ["error": ["details": [:]]],
                actual: json
            )
        }
        return nil
    }

    private static func otherCorrelationID(_ question: Question, _ reply: Received) -> CheckFailure? {
        guard let id = question.sentCorrelationID else { return nil }
        return differing(
            reply.message.correlationID,
            at: "correlation_id",
            id,
            "reply.correlation-id-changed",
            "\(name(reply, to: question)) has another correlation_id than the request"
        )
    }

    // MARK: Words

    /// A property that is another than it has to be.
    private static func differing(
        _ actual: String?,
        at property: String,
        _ expected: String,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) -> CheckFailure? {
        guard actual != expected || actual?.utf8.elementsEqual(expected.utf8) == false else { return nil }
        return CheckFailure(
            reason,
            message(),
            expected: ["properties": .object([property: .string(expected)])],
            actual: ["properties": .object(actual.map { [property: .string($0)] } ?? [:])]
        )
    }

    /// The reply in words that are the same in every run: what it answers, and with which code.
    private static func name(_ reply: Received, to question: Question) -> String {
        let what = question.readableID == .none ? "a body that is no request" : question.operation
        return "the reply to \(what)" + (reply.code.map { " (\($0))" } ?? "")
    }
}

/// A rule that a reply broke, with the messages that show it.
struct BrokenRule: Sendable {
    let failure: CheckFailure
    /// The check that had asked.
    let asker: String
    let messages: [Evidence]
}
