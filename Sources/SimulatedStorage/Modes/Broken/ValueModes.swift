import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes with times and with the values of fields, in both directions.
    static let ofValues: [StorageMode] = [
        .broken(
            "timestamps-without-milliseconds",
            breaks: "HUB-TIM-001",
            "Writes times without milliseconds.",
            AlteredRecords { $0.changeTimes { String($0.prefix(19)) + "Z" } }
        ),
        .broken(
            "timestamps-with-offset",
            breaks: "HUB-TIM-001",
            "Writes times with `+00:00` in the place of `Z`, as Python's `isoformat` does.",
            AlteredRecords { $0.changeTimes { String($0.dropLast()) + "+00:00" } }
        ),
        .broken(
            "updated-at-in-whole-seconds",
            breaks: "HUB-TIM-002",
            "Keeps `updated_at` in whole seconds, so that two changes within one have the same.",
            AlteredRecords { record in
                guard let created = record.time("created_at"), let updated = record.time("updated_at"),
                    created < updated
                else { return }
                let milliseconds = updated.millisecondsSinceEpoch
                let second = Timestamp(millisecondsSinceEpoch: milliseconds - milliseconds % 1000)
                record.changeMetadata { $0["updated_at"] = .string(max(created, second).description) }
            }
        ),
        .broken(
            "record-without-subtype",
            breaks: "HUB-VAL-001",
            "Leaves `subtype` out of records.",
            AlteredRecords { $0["subtype"] = nil }
        ),
        .broken(
            "theme-beside-metadata",
            breaks: "HUB-VAL-001",
            "Gives `theme` beside the other fields and not within `metadata`.",
            AlteredRecords { record in
                guard let theme = record["metadata"]?["theme"] else { return }
                record["theme"] = theme
                record.changeMetadata { $0["theme"] = nil }
            }
        ),
        .broken(
            "missing-sha256-is-empty",
            breaks: "HUB-VAL-002",
            "Gives an empty `sha256` where there is none.",
            AlteredRecords { if $0["sha256"] == .null { $0["sha256"] = "" } }
        ),
        .broken(
            "names-are-trimmed",
            breaks: "HUB-VAL-003",
            "Trims white space off names before it keeps them.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(changing: "name") { .string($0.trimmed) }
            }
        ),
        .broken(
            "names-are-trimmed-in-updates",
            breaks: "HUB-VAL-003",
            "Trims white space off names in `update_image` alone.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage else { return try question.decide() }
                return try question.decide(changing: "name") { .string($0.trimmed) }
            }
        ),
        .broken(
            "urls-are-made-absolute",
            breaks: "HUB-VAL-003",
            "Keeps a `url` resolved against a base URL of its own.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(changing: "url") { url in
                    url.contains("://") ? .string(url) : .string("http://localhost/" + url.drop { $0 == "/" })
                }
            }
        ),
        .broken(
            "lengths-in-bytes",
            breaks: "HUB-VAL-004",
            "Counts the bytes of a text: 255 umlauts are too many.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let field = question.text(where: { $0.utf8.count > ProtocolLimits.textLengthMax }) else {
                    return try question.decide()
                }
                return try question.refuse(invalid: field, "must have at most 255 bytes")
            }
        ),
        .broken(
            "texts-of-100-at-most",
            breaks: "HUB-VAL-005",
            "Refuses a text of more than 100 characters: its column is that wide.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let field = question.text(where: { $0.unicodeScalars.count > 100 }) else {
                    return try question.decide()
                }
                return try question.refuse(invalid: field, "must have at most 100 characters")
            }
        ),
        .broken(
            "long-texts-are-cut",
            breaks: "HUB-VAL-006",
            "Cuts a text of more than 255 characters and keeps the rest.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for (key, text) in question.texts {
                    data[key] = .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(255))))
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "empty-texts-are-untitled",
            breaks: "HUB-VAL-006",
            "Puts `untitled` in the place of an empty text.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for (key, text) in question.texts where text.isEmpty { data[key] = "untitled" }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "numbers-from-strings",
            breaks: "HUB-VAL-007",
            "Takes `\"512\"` for 512, as a lenient schema does.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for key in ["width", "height", "size", "version", "skip", "limit", "expected_version"] {
                    if let text = data[key]?.string, let number = Int64(text) { data[key] = .integer(number) }
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "missing-fields-get-defaults",
            breaks: "HUB-VAL-007",
            "Creates an image without `subtype` or `theme` and makes up the rest.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImage else { return try question.decide() }
                var data = question.data
                for key in ["type", "subtype", "name", "theme"] where (data[key] ?? .null) == .null {
                    data[key] = "default"
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "width-0-is-unknown",
            breaks: "HUB-VAL-008",
            "Takes a width or height of 0 for an unknown one.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for key in ["width", "height"] where data[key] == 0 { data[key] = 1 }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "urls-must-be-absolute",
            breaks: "HUB-VAL-009",
            "Refuses a `url` without a scheme.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let url = question.data["url"]?.string, !url.contains("://") else { return try question.decide() }
                return try question.refuse(invalid: "url", "must be an absolute URL")
            }
        ),
        .broken(
            "upper-case-digests-are-taken",
            breaks: "HUB-VAL-010",
            "Takes a `sha256` in upper case and keeps it in lower case.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(changing: "sha256") { .string($0.lowercased()) }
            }
        ),
        .broken(
            "created-at-moves",
            breaks: "HUB-TIM-003",
            "Writes `created_at` anew with every change.",
            AlteredRecords { record in
                guard let updated = record["metadata"]?["updated_at"] else { return }
                record.changeMetadata { $0["created_at"] = updated }
            }
        ),
        .broken(
            "control-characters-are-dropped",
            breaks: "HUB-VAL-011",
            "Drops control characters from texts and takes what is left.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for (key, text) in question.texts {
                    let visible = text.unicodeScalars.filter { !$0.isControl }
                    data[key] = .string(String(String.UnicodeScalarView(visible)))
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "control-characters-are-dropped-in-updates",
            breaks: "HUB-VAL-011",
            "Refuses a control character in a new image, and drops it from what `update_image` gives.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage else { return try question.decide() }
                var data = question.data
                for (key, text) in question.texts {
                    let visible = text.unicodeScalars.filter { !$0.isControl }
                    data[key] = .string(String(String.UnicodeScalarView(visible)))
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "negative-sizes-are-0",
            breaks: "HUB-VAL-012",
            "Takes a negative `size` for 0.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let size = question.data["size"]?.integer, size < 0 else { return try question.decide() }
                return try question.decide(with: ["size": 0])
            }
        ),
        .broken(
            "numbers-in-32-bits",
            breaks: "HUB-VAL-014",
            "Keeps numbers in 32 bits: what is larger becomes the largest.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                for key in ["width", "height", "size"] {
                    if let number = data[key]?.integer { data[key] = .integer(min(number, Int64(Int32.max))) }
                }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "ids-in-upper-case",
            breaks: "HUB-VAL-015",
            "Makes the ids of images in upper case, as some libraries write UUIDs.",
            IDsMadeOtherwise { $0.uppercased() }
        ),
        .broken(
            "ids-that-are-no-uuids",
            breaks: "HUB-VAL-015",
            "Makes ids such as `img_7f3a…`.",
            IDsMadeOtherwise { "img_" + $0.replacing("-", with: "") }
        ),
        .broken(
            "long-urls-are-cut",
            breaks: "HUB-VAL-017",
            "Cuts a `url` of more than 2048 characters.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(changing: "url") { url in
                    .string(String(String.UnicodeScalarView(url.unicodeScalars.prefix(2048))))
                }
            }
        ),
        .broken(
            "long-urls-of-versions-are-cut",
            breaks: "HUB-VAL-017",
            "Cuts a `url` of more than 2048 characters in `create_image_version` alone.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion else { return try question.decide() }
                return try question.decide(changing: "url") { url in
                    .string(String(String.UnicodeScalarView(url.unicodeScalars.prefix(2048))))
                }
            }
        ),
        .broken(
            "urls-of-255-at-most",
            breaks: "HUB-VAL-018",
            "Refuses a `url` of more than 255 characters.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let url = question.data["url"]?.string, url.unicodeScalars.count > 255 else {
                    return try question.decide()
                }
                return try question.refuse(invalid: "url", "must have at most 255 characters")
            }
        ),
    ]
}

extension Question {
    /// The free texts in the data.
    var texts: [(key: String, text: String)] {
        ["name", "type", "subtype", "theme"].compactMap { key in data[key]?.string.map { (key, $0) } }
    }

    /// The first free text of this sort.
    fileprivate func text(where isMeant: (String) -> Bool) -> String? { texts.first { isMeant($0.text) }?.key }

    /// What the engine says where a string in the data is another.
    fileprivate func decide(
        changing key: String,
        _ change: (String) -> JSONValue
    ) throws(RecordStoreError) -> Decision {
        guard let text = data[key]?.string else { return try decide() }
        var data = data
        data[key] = change(text)
        return try decide(data: data)
    }
}

extension String {
    /// Without the white space at both ends.
    var trimmed: String {
        let isWhite = { (character: Character) in character.isWhitespace }
        return String(drop(while: isWhite).reversed().drop(while: isWhite).reversed())
    }
}

extension [String: JSONValue] {
    /// A time of a record, or of a version.
    func time(_ key: String) -> Timestamp? {
        (self["metadata"]?[key] ?? self[key])?.string.flatMap { Timestamp($0) }
    }

    mutating func changeMetadata(_ change: (inout [String: JSONValue]) -> Void) {
        guard var metadata = self["metadata"]?.object else { return }
        change(&metadata)
        self["metadata"] = .object(metadata)
    }

    /// Writes the times of a record, or of a version, otherwise.
    fileprivate mutating func changeTimes(_ change: (String) -> String) {
        if let text = self["created_at"]?.string { self["created_at"] = .string(change(text)) }
        changeMetadata { metadata in
            for key in ["created_at", "updated_at"] {
                if let text = metadata[key]?.string { metadata[key] = .string(change(text)) }
            }
        }
    }
}

/// The ids of new images are others than UUIDs in lower case.
struct IDsMadeOtherwise: Conduct {
    let change: @Sendable (String) -> String

    init(_ change: @escaping @Sendable (String) -> String) { self.change = change }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        if question.operation == .createImage {
            decision.changeRecord(to: question.request.operationID) { $0.id = change($0.id) }
        }
        return decision
    }
}
