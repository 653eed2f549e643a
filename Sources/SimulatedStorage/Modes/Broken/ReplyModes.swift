import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes in the message of a reply.
    static let ofReplies: [StorageMode] = [
        .broken(
            "replies-to-the-exchange",
            breaks: "HUB-REP-001",
            "Publishes every reply to the exchange by `storage.response`, whatever `reply_to` says.",
            isSlow: true,
            RepliesToExchange()
        ),
        .broken(
            "silent-without-reply-to",
            breaks: "HUB-REP-002",
            "Carries out a request without `reply_to` and answers nowhere.",
            AlteredPublications(only: .reply, where: { $0.address.exchange.isEmpty })
        ),
        .broken(
            "errors-silent-without-reply-to",
            breaks: "HUB-REP-002",
            "Answers a request without `reply_to` where it succeeds, and is silent where it does not.",
            AlteredPublications(
                only: .reply,
                where: { $0.address.exchange.isEmpty || $0.json?["status"] != "error" }
            )
        ),
        .broken(
            "reply-without-content-type",
            breaks: "HUB-REP-003",
            "Publishes replies without the property `content_type`.",
            AlteredPublications(.reply) { $0.message.contentType = nil }
        ),
        .broken(
            "reply-as-octet-stream",
            breaks: "HUB-REP-003",
            "Leaves `content_type` at its library's default, `application/octet-stream`.",
            AlteredPublications(.reply) { $0.message.contentType = "application/octet-stream" }
        ),
        .broken(
            "reply-without-type",
            breaks: "HUB-REP-004",
            "Publishes replies without `type`, `app_id` and `timestamp`.",
            AlteredPublications(.reply) { publication in
                publication.message.type = nil
                publication.message.appID = nil
                publication.message.timestampSeconds = nil
            }
        ),
        .broken(
            "reply-in-latin-1",
            breaks: "HUB-REP-005",
            "Encodes replies in ISO 8859-1: right until the first name with an umlaut.",
            AlteredPublications(.reply) { $0.message.body = $0.message.body.inLatin1 }
        ),
        .broken(
            "reply-without-status",
            breaks: "HUB-REP-005",
            "Leaves `status` out: whether there is an `error` says it all.",
            AlteredPublications(.reply) { $0.changeBody { $0["status"] = nil } }
        ),
        .broken(
            "status-in-words-of-its-own",
            breaks: "HUB-REP-011",
            "Says `ok` and `failed` in the place of `success` and `error`.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { $0["status"] = $0["status"] == "success" ? "ok" : "failed" }
            }
        ),
        .broken(
            "data-encoded-twice",
            breaks: "HUB-REP-006",
            "Encodes `data` as JSON before it encodes the reply, so that it is a string.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { members in
                    members["data"] = members["data"].map { .string(String(decoding: $0.encoded(), as: UTF8.self)) }
                }
            }
        ),
        .broken(
            "error-as-text",
            breaks: "HUB-REP-007",
            "Gives the message of an error as `error` itself.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { members in
                    members["error"] = members["error"].map { $0["message"] ?? "error" }
                }
            }
        ),
        .broken(
            "error-without-code",
            breaks: "HUB-REP-007",
            "Gives errors a message and no code.",
            AlteredPublications(.reply) { $0.changeError { $0["code"] = nil } }
        ),
        .broken(
            "empty-error-message",
            breaks: "HUB-REP-008",
            "Leaves the message of an error empty: the code says it all.",
            AlteredPublications(.reply) { $0.changeError { $0["message"] = "" } }
        ),
        .broken(
            "details-as-text",
            breaks: "HUB-REP-009",
            "Gives the details of an error as a text.",
            AlteredPublications(.reply) { $0.changeError { $0["details"] = "see the log" } }
        ),
        .broken(
            "replies-twice",
            breaks: "HUB-REP-010",
            "Publishes every reply a second time, to be sure.",
            RepliesTwice()
        ),
        .broken(
            "list-without-total",
            breaks: "HUB-REP-012",
            "Answers `list_images` with the images and no `total`.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { members in
                    guard var data = members["data"]?.object else { return }
                    data["total"] = nil
                    members["data"] = .object(data)
                }
            }
        ),
    ]

    /// Mistakes in the ids by which a reply finds its request.
    static let ofCorrelation: [StorageMode] = [
        .broken(
            "operation-id-lower-cased",
            breaks: "HUB-COR-001",
            "Parses the operation id as a UUID and writes it back in lower case.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { members in
                    members["operation_id"] = members["operation_id"]?.string.map { .string($0.lowercased()) } ?? .null
                }
            }
        ),
        .broken(
            "operation-id-left-out",
            breaks: "HUB-COR-001",
            "Leaves `operation_id` out of the body: the property `correlation_id` says it all.",
            isSlow: true,
            AlteredPublications(.reply) { $0.changeBody { $0["operation_id"] = nil } }
        ),
        .broken(
            "conflicts-without-operation-id",
            breaks: "HUB-COR-001",
            "Answers `OPERATION_CONFLICT` under no operation id: that one is another's.",
            AlteredPublications(.reply) { publication in
                guard publication.json?["error"]?["code"] == "OPERATION_CONFLICT" else { return }
                publication.changeBody { $0["operation_id"] = .null }
            }
        ),
        .broken(
            "repeats-have-the-first-correlation-id",
            breaks: "HUB-COR-002",
            "Remembers a reply with its properties: a repeated request gets the `correlation_id` of the first.",
            FirstCorrelationID()
        ),
        .broken(
            "correlation-id-dropped",
            breaks: "HUB-COR-002",
            "Does not copy the request's `correlation_id`.",
            CorrelationIDs { $0 == nil ? nil : "" }
        ),
        .broken(
            "correlation-id-is-the-operation-id",
            breaks: "HUB-COR-002",
            "Sets `correlation_id` to the operation id, also where the request's is another.",
            CorrelationIDs { _ in nil }
        ),
        .broken(
            "correlation-id-of-errors-is-the-operation-id",
            breaks: "HUB-COR-002",
            "Sets `correlation_id` of errors to the operation id, also where the request's is another.",
            AlteredPublications(.reply) { publication in
                guard publication.json?["status"] == "error", let id = publication.operationID else { return }
                publication.message.correlationID = id
            }
        ),
        .broken(
            "no-correlation-id-of-its-own",
            breaks: "HUB-COR-003",
            "Gives a reply no `correlation_id` where the request has none.",
            CorrelationIDs { $0 ?? "" }
        ),
        .broken(
            "unread-correlation-id-dropped",
            breaks: "HUB-ACK-011",
            "Answers a body that it cannot read without the request's `correlation_id`.",
            CorrelationIDOfUnread()
        ),
    ]
}

private struct RepliesToExchange: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .reply { publication.toExchange(of: line) }
        try await line.publish(publication)
    }
}

private struct RepliesTwice: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        try await line.publish(publication)
        if publication.kind == .reply { try await line.publish(publication) }
    }
}

/// Changes the `correlation_id` that a reply copies; an empty one is left out of the reply.
private struct CorrelationIDs: Conduct {
    let change: @Sendable (String?) -> String?

    init(_ change: @escaping @Sendable (String?) -> String?) { self.change = change }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard !delivery.isQuery else { return delivery }
        var delivery = delivery
        delivery.message.correlationID = change(delivery.message.correlationID)
        return delivery
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.message.correlationID == "" { publication.message.correlationID = nil }
        try await line.publish(publication)
    }
}

private final class FirstCorrelationID: Conduct {
    private let seen = RecentNotes<String>()

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .reply, let id = publication.operationID, let own = publication.message.correlationID {
            publication.message.correlationID = seen.update(id) { first in
                if first == nil { first = own }
                return first
            }
        }
        try await line.publish(publication)
    }
}

extension Publication {
    /// Changes the `error` of a reply that has one.
    mutating func changeError(_ change: (inout [String: JSONValue]) -> Void) {
        changeBody { members in
            guard var error = members["error"]?.object else { return }
            change(&error)
            members["error"] = .object(error)
        }
    }
}

extension [UInt8] {
    /// A text in UTF-8 as ISO 8859-1; what that has no character for becomes a question mark.
    fileprivate var inLatin1: [UInt8] {
        String(decoding: self, as: UTF8.self).unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
    }
}

private struct CorrelationIDOfUnread: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .reply, publication.json?["operation_id"] == .null {
            publication.message.correlationID = nil
        }
        try await line.publish(publication)
    }
}
