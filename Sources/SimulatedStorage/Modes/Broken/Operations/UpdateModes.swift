import HubProtocol
import JSON
import Octets

extension StorageMode {
    /// Mistakes in changing an image.
    static let ofUpdates: [StorageMode] = [
        .broken(
            "update-resets-other-fields",
            breaks: "HUB-UPD-001",
            "Takes `update_image` for a replacement: a theme that is not given becomes the default.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage, !question.texts.isEmpty,
                    (question.data["theme"] ?? .null) == .null
                else { return try question.decide() }
                return try question.decide(with: ["theme": "default"])
            }
        ),
        .broken(
            "update-takes-whatever-is-given",
            breaks: "HUB-UPD-001",
            "Sets `url` and `format` too where `update_image` has them: it assigns all fields of a record.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .updateImage, decision.isSuccess else { return decision }
                let data = question.data
                decision.changeRecord(to: question.request.operationID) { record in
                    record.content.url = data["url"]?.string ?? record.content.url
                    record.content.format = data["format"]?.string ?? record.content.format
                }
                return decision
            }
        ),
        .broken(
            "update-raises-the-version",
            breaks: "HUB-UPD-002",
            "Counts every change of metadata as a version.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .updateImage, decision.isSuccess else { return decision }
                decision.changeRecord(to: question.request.operationID) { $0.version += 1 }
                decision.changes = decision.changes.map { change in
                    guard case .updateImage(let record) = change else { return change }
                    return .addVersion(record)
                }
                return decision
            }
        ),
        .broken(
            "update-answers-the-first-version",
            breaks: "HUB-OPS-005",
            "Answers `update_image` with the content of version 1, whatever the newest is.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .updateImage, let id = question.imageID,
                    let first = try question.reader.version(1, of: id),
                    case .outcome(.record(let record)) = decision.answer
                else { return decision }
                decision.changeData(to: question.request.operationID) { $0 = record.with(first).json.object ?? $0 }
                return decision
            }
        ),
        .broken(
            "update-of-nothing-succeeds",
            breaks: "HUB-UPD-003",
            "Answers `update_image` with none of its fields with the record.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage, let id = question.imageID,
                    ["name", "type", "subtype", "theme"].allSatisfy({ (question.data[$0] ?? .null) == .null }),
                    let record = try question.reader.image(id)
                else { return try question.decide() }
                return try question.answer(.record(record))
            }
        ),
        .broken(
            "equal-update-is-skipped",
            breaks: "HUB-UPD-004",
            "Leaves an image as it is, `updated_at` and all, where the given values are those that it has.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage, let id = question.imageID,
                    let record = try question.reader.image(id), !question.texts.isEmpty,
                    question.texts.allSatisfy({ record.text($0.key).isExactly($0.text) })
                else { return try question.decide() }
                return try question.answer(.record(record))
            }
        ),
    ]
}

extension ImageRecord {
    /// A text by the name of its field.
    fileprivate func text(_ key: String) -> String {
        switch key {
        case "name": name
        case "type": type
        case "subtype": subtype
        default: theme
        }
    }
}
