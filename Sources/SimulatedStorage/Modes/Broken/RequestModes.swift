import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes in taking requests: what is asked of one that the document does not ask.
    static let ofRequests: [StorageMode] = [
        .broken(
            "needs-content-type",
            breaks: "HUB-REQ-011",
            "Leaves a request without the property `content_type` unanswered: its library decodes no other.",
            AlteredDeliveries { delivery, line in
                if delivery.isQuery || delivery.message.contentType == Topology.contentType { return delivery }
                await line.drop(delivery)
                return nil
            }
        ),
        .broken(
            "refuses-unknown-headers",
            breaks: "HUB-REQ-012",
            "Refuses a request with a header that it does not know.",
            AlteredDeliveries { delivery, _ in
                let isKnown = delivery.message.headers.keys.allSatisfy { name in
                    ["event_type", "traceparent", "tracestate", StorageSpace.header].contains(name)
                }
                return delivery.isQuery || isKnown ? delivery : delivery.madeInvalid
            }
        ),
        .broken(
            "operation-ids-must-be-uuids",
            breaks: "HUB-REQ-021",
            "Refuses an operation id that is no UUID: it keeps them in a column of that type.",
            AlteredDecisions { question throws(RecordStoreError) in
                if question.request.operationID.looksLikeUUID { return try question.decide() }
                return try question.refuse(invalid: "operation_id", "must be a UUID")
            }
        ),
        .broken(
            "operation-ids-without-case",
            breaks: "HUB-REQ-022",
            "Compares operation ids without regard to upper and lower case, as its database does.",
            OperationIDsFolded { $0.lowercased() }
        ),
        .broken(
            "operation-ids-are-trimmed",
            breaks: "HUB-REQ-022",
            "Trims white space off operation ids before it compares them.",
            OperationIDsFolded { id in
                let trimmed = id.trimmed
                return trimmed.isEmpty ? id : trimmed
            }
        ),
        .broken(
            "refuses-unknown-fields",
            breaks: "HUB-REQ-024",
            "Refuses a request with a field that it does not know: its schema forbids additional properties.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let known = question.operation?.knownFields,
                    let unknown = question.data.keys.sorted().first(where: { !known.contains($0) })
                else { return try question.decide() }
                return try question.refuse(invalid: unknown, "is not a known field")
            }
        ),
        .broken(
            "refuses-unknown-envelope-fields",
            breaks: "HUB-REQ-024",
            "Refuses a request with a field beside `operation`, `operation_id` and `data`.",
            AlteredDeliveries { delivery, _ in
                let keys = (try? JSONValue(parsing: delivery.message.body))?.object?.keys
                let isKnown = keys?.allSatisfy { ["operation", "operation_id", "data"].contains($0) } ?? true
                return delivery.isQuery || isKnown ? delivery : delivery.madeInvalid
            }
        ),
        .broken(
            "null-is-a-value",
            breaks: "HUB-REQ-025",
            "Takes `null` for a value of the wrong type in the place of an absent field.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let field = question.data.sorted(by: { $0.key < $1.key }).first(where: { $0.value == .null })
                else { return try question.decide() }
                return try question.refuse(invalid: field.key, "must not be null")
            }
        ),
        .broken(
            "null-is-another-version",
            breaks: "HUB-REQ-025",
            "Compares an `expected_version` that is `null` with the newest, and answers `VERSION_CONFLICT`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion, question.data["expected_version"] == .null else {
                    return try question.decide()
                }
                return try question.refuse(StorageFailure(.versionConflict, "the newest version is another"))
            }
        ),
        .broken(
            "data-must-be-there",
            breaks: "HUB-REQ-026",
            "Refuses a request without `data`, also where no field is needed.",
            AlteredDeliveries { delivery, _ in
                let body = (try? JSONValue(parsing: delivery.message.body))?.object
                return delivery.isQuery || body == nil || body?["data"] != nil ? delivery : delivery.madeInvalid
            }
        ),
        .broken(
            "whole-numbers-without-fraction",
            breaks: "HUB-VAL-013",
            "Refuses `512.0` where a whole number belongs: its parser makes another type of it.",
            AlteredDeliveries { delivery, _ in
                let text = String(decoding: delivery.message.body, as: UTF8.self)
                return delivery.isQuery || !text.contains(/:\s*-?\d+(\.\d|[eE])/) ? delivery : delivery.madeInvalid
            }
        ),
        .broken(
            "page-bounds-without-fraction",
            breaks: "HUB-VAL-013",
            "Refuses a `skip` or `limit` of `1.0`, though it takes a `width` of `512.0`.",
            AlteredDeliveries { delivery, _ in
                let text = String(decoding: delivery.message.body, as: UTF8.self)
                return delivery.isQuery || !text.contains(/"(skip|limit)"\s*:\s*-?\d+(\.\d|[eE])/)
                    ? delivery : delivery.madeInvalid
            }
        ),
        .broken(
            "bodies-of-64-kib-at-most",
            breaks: "HUB-LIM-002",
            "Refuses a request with a body of more than 64 KiB.",
            AlteredDeliveries { delivery, _ in
                delivery.isQuery || delivery.message.body.count <= 65_536 ? delivery : delivery.madeInvalid
            }
        ),
    ]
}

/// The memory of operations has every id in one form; replies and events still name the id as it came.
private struct OperationIDsFolded: Conduct {
    let fold: @Sendable (String) -> String

    init(_ fold: @escaping @Sendable (String) -> String) { self.fold = fold }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var request = question.request
        request.operationID = fold(request.operationID)
        let folded = Question(
            request: request,
            engine: question.engine,
            now: question.now,
            ids: question.ids,
            reader: question.reader
        )
        var decision = try folded.decide()
        let body = decision.replyBody(operationID: request.operationID)
        if var members = (try? JSONValue(parsing: body))?.object {
            members["operation_id"] = .string(question.request.operationID)
            decision.answer = .repeated(body: JSONValue.object(members).encoded())
        }
        decision.changes = decision.changes.map { change in
            guard case .publish(var event) = change else { return change }
            event.operationID = question.request.operationID
            return .publish(event)
        }
        return decision
    }
}

extension HubDelivery {
    /// Whether it asks services to announce themselves, and is no request.
    var isQuery: Bool { routingKey == Topology.Key.query }

    /// The request that it is, where it is one.
    var request: StorageRequest? { isQuery ? nil : try? StorageRequest(parsing: message.body) }

    /// The same, as a request that is refused with `VALIDATION_ERROR` under its own operation id.
    var madeInvalid: HubDelivery {
        var delivery = self
        let id = (try? JSONValue(parsing: message.body))?["operation_id"] ?? .null
        delivery.message.body = JSONValue.object(["operation_id": id]).encoded()
        return delivery
    }
}

extension String {
    /// Whether the text has the shape of a UUID (RFC 9562 §4).
    var looksLikeUUID: Bool {
        let groups = split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}

extension OperationName {
    /// The fields that the document names for its `data`.
    var knownFields: Set<String> {
        let content: Set<String> = ["url", "format", "width", "height", "size", "sha256"]
        return switch self {
        case .createImage: content.union(["type", "subtype", "name", "theme"])
        case .getImage: ["image_id", "version"]
        case .listImages: ["type", "theme", "skip", "limit"]
        case .updateImage: ["image_id", "name", "type", "subtype", "theme"]
        case .createImageVersion: content.union(["image_id", "expected_version"])
        case .listImageVersions: ["image_id", "skip", "limit"]
        case .deleteImage: ["image_id"]
        }
    }
}
