import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in making an image.
    static let ofCreation: [StorageMode] = [
        .broken(
            "ids-are-used-again",
            breaks: "HUB-CRE-001",
            "Gives a new image the id of one that was deleted: the lowest free number.",
            IDsUsedAgain()
        ),
        .broken(
            "updated-at-after-created-at",
            breaks: "HUB-CRE-002",
            "Asks the clock twice, so that a new image was updated after it was created.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                if question.operation == .createImage {
                    decision.changeRecord(to: question.request.operationID) { record in
                        record.updatedAt = record.createdAt.adding(milliseconds: 1)
                    }
                }
                return decision
            }
        ),
        .broken(
            "versions-from-0",
            breaks: "HUB-CRE-002",
            "Numbers versions from 0.",
            AlteredRecords { record in
                guard let version = record["version"]?.integer else { return }
                record["version"] = .integer(version - 1)
            }
        ),
        .broken(
            "assets-are-not-looked-for",
            breaks: "HUB-CRE-003",
            "Takes a `sha256` without looking whether there is such an asset.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.operation == .createImage ? question.decideWithoutAsset() : question.decide()
            }
        ),
        .broken(
            "asset-sizes-are-not-compared",
            breaks: "HUB-CRE-004",
            "Takes any `size`, whatever the asset's is.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let size = question.data["size"]?.integer.flatMap({ Int(exactly: $0) }) else {
                    return try question.decide()
                }
                let assets = ReaderOfAssets(present: question.reader) { asset in
                    var asset = asset
                    asset.size = size
                    return asset
                }
                return try question.decide(reading: assets)
            }
        ),
        .broken(
            "needs-sha256",
            breaks: "HUB-CRE-005",
            "Refuses a `create_image` without `sha256`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImage, (question.data["sha256"] ?? .null) == .null else {
                    return try question.decide()
                }
                return try question.refuse(invalid: "sha256", "is missing")
            }
        ),
    ]
}

private final class IDsUsedAgain: Conduct {
    private let free = RecentNotes<String>()

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        switch question.operation {
        case .deleteImage:
            let decision = try question.decide()
            if decision.isSuccess, let id = question.imageID { free.note(id, for: id) }
            return decision
        case .createImage:
            guard let id = free.all.first else { return try question.decide() }
            var decision = try question.decide()
            guard decision.isSuccess else { return decision }
            _ = free.take(id)
            decision.changeRecord(to: question.request.operationID) { $0.id = id }
            return decision
        default: return try question.decide()
        }
    }
}

extension Question {
    /// What the engine says of a content whose asset may not be there: then it is taken without one, and looks as with.
    func decideWithoutAsset() throws(RecordStoreError) -> Decision {
        guard let name = data["sha256"]?.string, AssetName.isValid(name), try reader.asset(name) == nil else {
            return try decide()
        }
        var data = data
        data["sha256"] = nil
        var decision = try decide(data: data)
        decision.changeData(to: request.operationID) { $0["sha256"] = .string(name) }
        return decision
    }
}
