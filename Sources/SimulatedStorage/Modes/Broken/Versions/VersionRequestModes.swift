import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in reading what a new version shall be.
    static let ofVersionRequests: [StorageMode] = [
        .broken(
            "assets-of-versions-are-not-looked-for",
            breaks: "HUB-VER-005",
            "Looks for the asset of a new image, and not for that of a new version.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.operation == .createImageVersion ? question.decideWithoutAsset() : question.decide()
            }
        ),
        .broken(
            "asset-sizes-of-versions-are-not-compared",
            breaks: "HUB-VER-005",
            "Compares the `size` of a new image with its asset's, and not that of a new version.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion,
                    let size = question.data["size"]?.integer.flatMap({ Int(exactly: $0) })
                else { return try question.decide() }
                let sized = ReaderOfAssets(present: question.reader) { asset in
                    var asset = asset
                    asset.size = size
                    return asset
                }
                return try question.decide(reading: sized)
            }
        ),
        .broken(
            "new-version-resets-the-theme",
            breaks: "HUB-VER-006",
            "Writes the default theme with every new version.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .createImageVersion, decision.isSuccess else { return decision }
                decision.changeRecord(to: question.request.operationID) { $0.theme = "default" }
                decision.changes = decision.changes.flatMap { change in
                    guard case .addVersion(let record) = change else { return [change] }
                    return [change, .updateImage(record)]
                }
                return decision
            }
        ),
        .broken(
            "needs-expected-version",
            breaks: "HUB-VER-007",
            "Refuses a new version without `expected_version`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion,
                    (question.data["expected_version"] ?? .null) == .null
                else { return try question.decide() }
                return try question.refuse(invalid: "expected_version", "is missing")
            }
        ),
        .broken(
            "version-of-no-image-is-invalid",
            breaks: "HUB-VER-008",
            "Answers `create_image_version` of an image that is not there with `VALIDATION_ERROR`.",
            MissingImageIsInvalid(for: .createImageVersion)
        ),
        .broken(
            "expected-version-0-is-none",
            breaks: "HUB-VER-009",
            "Takes an `expected_version` of 0 or less for none.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let expected = question.data["expected_version"]?.integer, expected < 1 else {
                    return try question.decide()
                }
                return try question.decide(without: ["expected_version"])
            }
        ),
    ]
}
