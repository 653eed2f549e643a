import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes of those whose language or library takes more than the document does.
    static let ofLeniency: [StorageMode] = [
        .broken(
            "booleans-are-numbers",
            breaks: "HUB-VAL-007",
            "Takes `true` for 1 and `false` for 0, as a language does in which a boolean is an integer.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for key in ["width", "height", "size"] { data[key] = data[key]?.booleanAsNumber }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "optional-fields-of-other-types-are-ignored",
            breaks: "HUB-VAL-019",
            "Lists everything where a filter is no string, and takes a `limit` that is none for none.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages else { return try question.decide() }
                let texts = ["type", "theme"].filter { question.data[$0] != nil && question.data[$0]?.string == nil }
                let numbers = ["skip", "limit"].filter { question.data[$0]?.string != nil }
                return try question.decide(without: texts + numbers)
            }
        ),
        .broken(
            "not-a-number-is-json",
            breaks: "HUB-ACK-006",
            "Reads a body with `NaN` in it, as a lenient reader of JSON does.",
            AlteredDeliveries { delivery, _ in
                let text = String(decoding: delivery.message.body, as: UTF8.self)
                guard !delivery.isQuery, text.contains(":NaN") else { return delivery }
                var delivery = delivery
                delivery.message.body = Array(text.replacing(":NaN", with: ":null").utf8)
                return delivery
            }
        ),
        .broken(
            "falsy-data-is-absent",
            breaks: "HUB-ACK-006",
            "Takes a `data` of `[]`, `0`, `false` or `\"\"` for an absent one: `data or {}`.",
            AlteredDeliveries { delivery, _ in
                guard !delivery.isQuery, var members = (try? JSONValue(parsing: delivery.message.body))?.object,
                    let data = members["data"], [[], 0, false, ""].contains(data)
                else { return delivery }
                members["data"] = nil
                var delivery = delivery
                delivery.message.body = JSONValue.object(members).encoded()
                return delivery
            }
        ),
        .broken(
            "image-ids-are-trimmed",
            breaks: "HUB-OPS-004",
            "Trims white space off an `image_id` before it looks the image up.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let id = question.imageID else { return try question.decide() }
                return try question.decide(with: ["image_id": .string(id.trimmed)])
            }
        ),
        .broken(
            "empty-texts-in-updates-are-absent",
            breaks: "HUB-VAL-006",
            "Takes an empty text in `update_image` for an absent one, and changes the rest.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage else { return try question.decide() }
                return try question.decide(without: question.texts.filter(\.text.isEmpty).map(\.key))
            }
        ),
        .broken(
            "formats-of-versions-in-lower-case",
            breaks: "HUB-VAL-003",
            "Keeps the `format` of a new version in lower case, though that of a new image as it came.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion, let format = question.data["format"]?.string else {
                    return try question.decide()
                }
                return try question.decide(with: ["format": .string(format.lowercased())])
            }
        ),
        .broken(
            "late-timestamp-ends-the-connection",
            breaks: "HUB-FLT-003",
            "Dies of a request whose property `timestamp` is after the year 9999, as its library cannot read it, and again "
                + "when it comes again.",
            isSlow: true,
            AlteredDeliveries { delivery, line in
                guard !delivery.isQuery, let time = delivery.message.timestampSeconds, time > 253_402_300_799 else {
                    return delivery
                }
                // Not so fast that nothing else is done.
                await line.pause(.milliseconds(100))
                await line.connection.close()
                return nil
            }
        ),
    ]
}

extension JSONValue {
    /// 1 or 0 in the place of a boolean; any other value as it is.
    var booleanAsNumber: JSONValue {
        guard case .bool(let isTrue) = self else { return self }
        return .integer(isTrue ? 1 : 0)
    }
}
