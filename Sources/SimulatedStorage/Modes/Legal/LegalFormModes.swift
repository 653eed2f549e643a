import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import MessageHub

extension StorageMode {
    /// Odd ways to write messages and answers, and what is in them, that keep every sentence.
    static let legalForms: [StorageMode] = [
        .legal(
            "extra-fields",
            allowedBy: ["HUB-EXT-002", "HUB-EXT-001"],
            "Has fields that the document does not name, in every object of every message.",
            EveryMessage { members, _ in members = members.withExtraFields }
        ),
        .legal(
            "other-wording",
            allowedBy: ["HUB-REP-008", "HUB-ERR-006"],
            "Says in other words, and in another language, what is wrong.",
            AlteredPublications(.reply) { $0.changeError { $0["message"] = "Das geht so nicht: ‚überprüfen‘ 🙁" } }
        ),
        .legal(
            "new-versions-need-an-asset",
            allowedBy: ["HUB-VER-011"],
            "Refuses a new version that names no asset.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion, (question.data["sha256"] ?? .null) == .null else {
                    return try question.decide()
                }
                return try question.refuse(invalid: "sha256", "is missing")
            }
        ),
        .legal(
            "no-details",
            allowedBy: ["HUB-REP-009"],
            "Gives errors no `details`.",
            AlteredPublications(.reply) { $0.changeError { $0["details"] = nil } }
        ),
        .legal(
            "details-of-its-own",
            allowedBy: ["HUB-REP-009"],
            "Gives the details of errors fields of its own.",
            AlteredPublications(.reply) { $0.changeError { $0["details"] = ["hint": ["see": ["the", "manual", 7]]] } }
        ),
        .legal(
            "extra-headers-and-properties",
            allowedBy: ["HUB-REP-003", "HUB-REP-004"],
            "Gives every message headers that nobody has asked for, and an expiry of an hour.",
            EveryPublication { publication in
                publication.message.headers["x-node"] = .string("storage-7")
                publication.message.headers["x-attempt"] = .integer(1)
                publication.message.headers["x-sampled"] = .bool(true)
                publication.message.expirationMs = 3_600_000
            }
        ),
        .legal(
            "transient-replies",
            allowedBy: ["HUB-REP-003", "HUB-REP-004"],
            "Publishes replies with `delivery_mode` 1 and without `message_id`.",
            AlteredPublications(.reply) { publication in
                publication.message.isPersistent = false
                publication.message.messageID = nil
            }
        ),
        .legal(
            "json-with-white-space",
            allowedBy: ["HUB-REP-005"],
            "Writes JSON over many lines, with white space wherever it may stand.",
            OddJSON(OddJSONWriter(indents: true))
        ),
        .legal(
            "json-with-escapes",
            allowedBy: ["HUB-REP-005"],
            "Writes every character of a text that is no letter or digit of ASCII as `\\uXXXX`.",
            OddJSON(OddJSONWriter(escapes: true))
        ),
        .legal(
            "json-keys-in-another-order",
            allowedBy: ["HUB-REP-005"],
            "Writes the members of objects in the opposite order.",
            OddJSON(OddJSONWriter(reversesKeys: true))
        ),
        .legal(
            "numbers-with-a-fraction",
            allowedBy: ["HUB-VAL-008", "HUB-REP-005"],
            "Writes whole numbers as `512.0`, which is the same JSON value.",
            OddJSON(OddJSONWriter(writesFractions: true))
        ),
        .legal(
            "numbers-with-an-exponent",
            allowedBy: ["HUB-VAL-008", "HUB-REP-005"],
            "Writes whole numbers as `512e0`, which is the same JSON value.",
            OddJSON(OddJSONWriter(writesExponents: true))
        ),
        .legal(
            "ids-of-another-version",
            allowedBy: ["HUB-VAL-015", "HUB-CRE-001"],
            "Makes ids of images that are UUIDs of version 7, not of version 4.",
            IDsMadeOtherwise { String($0.prefix(14)) + "7" + $0.dropFirst(15) }
        ),
        .legal(
            "absolute-urls-of-assets",
            allowedBy: ["AST-PUT-001", "AST-PUT-002"],
            "Answers a `PUT` with the absolute URL of the asset.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                let authority = exchange.request.head.authority ?? "localhost"
                guard exchange.isPut, response.status.kind == .successful else { return response }
                return try await response.changingBody { members in
                    members["url"] = members["url"]?.string.map { .string("http://\(authority)\($0)") }
                }
            }
        ),
        .legal(
            "other-entity-tags",
            allowedBy: ["AST-GET-003", "AST-GET-004"],
            "Makes an `ETag` of its own, which is not the digest.",
            OtherEntityTags()
        ),
    ]
}

/// Changes the body of every message.
private struct EveryMessage: Conduct {
    let change: @Sendable (inout [String: JSONValue], Publication.Kind) -> Void

    init(_ change: @escaping @Sendable (inout [String: JSONValue], Publication.Kind) -> Void) { self.change = change }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        let kind = publication.kind
        publication.changeBody { change(&$0, kind) }
        try await line.publish(publication)
    }
}

/// Changes every message that is published.
private struct EveryPublication: Conduct {
    let change: @Sendable (inout Publication) -> Void

    init(_ change: @escaping @Sendable (inout Publication) -> Void) { self.change = change }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        change(&publication)
        try await line.publish(publication)
    }
}

private struct OddJSON: Conduct {
    let writer: OddJSONWriter

    init(_ writer: OddJSONWriter) { self.writer = writer }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if let json = publication.json { publication.message.body = writer.bytes(of: json) }
        try await line.publish(publication)
    }
}

extension [String: JSONValue] {
    /// With a field more in this object and in every one within.
    fileprivate var withExtraFields: [String: JSONValue] {
        var members = mapValues(\.withExtraFields)
        members["x_more"] = ["of": "another version", "list": [1, nil, true]]
        return members
    }
}

extension JSONValue {
    fileprivate var withExtraFields: JSONValue {
        switch self {
        case .object(let members): .object(members.withExtraFields)
        case .array(let elements): .array(elements.map(\.withExtraFields))
        case .null, .bool, .integer, .number, .string: self
        }
    }
}

private struct OtherEntityTags: Conduct {
    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isAboutAsset else { return try await faultless(exchange) }
        let asked = exchange.changing { fields in
            for field in [HTTPField.Name.ifNoneMatch, .ifMatch, .ifRange] {
                fields[field] = fields[field]?.replacing("\"rev-1.", with: "\"")
            }
        }
        var response = try await faultless(asked)
        response.headers[.eTag] = response.headers[.eTag].map { "\"rev-1." + $0.dropFirst() }
        return response
    }
}
