import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in finding an image, or one of its versions.
    static let ofReading: [StorageMode] = [
        .broken(
            "first-content-is-answered",
            breaks: "HUB-GET-001",
            "Answers `get_image` with the content of the first version for ever.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .getImage, (question.data["version"] ?? .null) == .null else {
                    return try question.decide()
                }
                return try question.decide(with: ["version": 1])
            }
        ),
        .broken(
            "version-is-ignored",
            breaks: "HUB-GET-002",
            "Answers `get_image` with the newest content, whatever existing `version` is asked for.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .getImage,
                    let decision = Optional(try question.decide()), decision.isSuccess
                else { return try question.decide() }
                return try question.decide(without: ["version"])
            }
        ),
        .broken(
            "missing-version-is-the-newest",
            breaks: "HUB-GET-003",
            "Answers a version that there is not yet with the newest.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard question.operation == .getImage, decision.failure?.knownCode == .versionNotFound else {
                    return decision
                }
                return try question.decide(without: ["version"])
            }
        ),
        .broken(
            "version-0-is-the-newest",
            breaks: "HUB-GET-004",
            "Takes a `version` of 0 or less for none: its language takes 0 for false.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .getImage, let version = question.data["version"]?.integer, version < 1
                else { return try question.decide() }
                return try question.decide(without: ["version"])
            }
        ),
        .broken(
            "missing-image-is-invalid",
            breaks: "HUB-GET-005",
            "Answers `get_image` of an image that is not there with `VALIDATION_ERROR`.",
            MissingImageIsInvalid(for: .getImage)
        ),
        .broken(
            "image-ids-must-be-uuids",
            breaks: "HUB-OPS-004",
            "Refuses the id of an image that is no UUID with `VALIDATION_ERROR`, though it is a string.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let id = question.imageID, !id.looksLikeUUID, try question.reader.image(id) == nil else {
                    return try question.decide()
                }
                return try question.refuse(invalid: "image_id", "must be a UUID")
            }
        ),
    ]
}

/// An operation on an image that is not there is answered with `VALIDATION_ERROR`.
struct MissingImageIsInvalid: Conduct {
    let operation: OperationName

    init(for operation: OperationName) { self.operation = operation }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        let decision = try question.decide()
        guard question.operation == operation, decision.failure?.knownCode == .imageNotFound else { return decision }
        return try question.refuse(invalid: "image_id", "is that of no image")
    }
}
