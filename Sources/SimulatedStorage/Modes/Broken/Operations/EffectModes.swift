import HTTPServing
import HubProtocol
import Hummingbird
import JSON

extension StorageMode {
    /// Mistakes in what an operation does to an image, and in what it says of that.
    static let ofEffects: [StorageMode] = [
        .broken(
            "replies-of-before",
            breaks: "HUB-OPS-005",
            "Answers `update_image` with the record as it was read before the change.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage, let id = question.imageID,
                    let before = try question.reader.image(id)
                else { return try question.decide() }
                var decision = try question.decide()
                decision.changeReply(to: question.request.operationID) { members in
                    if members["data"] != nil { members["data"] = before.json }
                }
                return decision
            }
        ),
        .broken(
            "width-and-height-swapped",
            breaks: "HUB-CRE-006",
            "Keeps the width of a new image as its height, and the other way round.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImage, let width = question.data["width"],
                    let height = question.data["height"]
                else { return try question.decide() }
                return try question.decide(with: ["width": height, "height": width])
            }
        ),
        .broken(
            "equal-images-are-one",
            breaks: "HUB-CRE-007",
            "Answers `create_image` with the image that has the same data already.",
            EqualImagesAreOne()
        ),
        .broken(
            "version-shows-the-newest-number",
            breaks: "HUB-GET-006",
            "Answers `get_image` with `version` with that content and the newest number.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .getImage, let id = question.imageID,
                    let newest = try question.reader.image(id)?.version
                else { return decision }
                decision.changeData(to: question.request.operationID) { $0["version"] = .integer(Int64(newest)) }
                return decision
            }
        ),
        .broken(
            "update-of-no-image-is-invalid",
            breaks: "HUB-UPD-005",
            "Answers `update_image` of an image that is not there with `VALIDATION_ERROR`.",
            MissingImageIsInvalid(for: .updateImage)
        ),
        .broken(
            "deleted-images-keep-their-assets",
            breaks: "HUB-DEL-004",
            "Deletes an image and goes on to count it among those that refer to its assets.",
            DeletedImagesKeepAssets()
        ),
    ]
}

private final class EqualImagesAreOne: Conduct {
    /// The ids of images by their data.
    private let images = RecentNotes<String>()

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .createImage else { return try question.decide() }
        let data = String(decoding: JSONValue.object(question.data).encoded(), as: UTF8.self)
        if let id = images[data], let record = try question.reader.image(id) {
            return try question.answer(.record(record))
        }
        let decision = try question.decide()
        if case .outcome(.record(let record)) = decision.answer { images.note(record.id, for: data) }
        return decision
    }
}

/// Assets of deleted images are still in use.
private final class DeletedImagesKeepAssets: Conduct {
    private let kept = RecentNotes<Bool>()

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .deleteImage, let id = question.imageID else { return try question.decide() }
        let versions = try question.reader.versions(of: id, skip: 0, limit: ProtocolLimits.pageLimitMax)
        let decision = try question.decide()
        if decision.isSuccess {
            for name in versions.compactMap(\.content.sha256) { kept.note(true, for: name) }
        }
        return decision
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isAboutAsset, exchange.request.method == .delete, kept[exchange.name] != nil else {
            return try await faultless(exchange)
        }
        return APIError(AssetError.inUse).response
    }
}
