import HTTPServing
import HubProtocol
import Hummingbird
import JSON
import MessageHub
import Octets

extension StorageMode {
    /// Mistakes in which operations there are, and in single images.
    static let ofOperations: [StorageMode] = [
        .broken(
            "no-delete",
            breaks: "HUB-OPS-001",
            "Does not implement `delete_image`: nothing is ever deleted there.",
            WithoutOperations([.deleteImage])
        ),
        .broken(
            "no-versions",
            breaks: "HUB-OPS-002",
            "Implements neither `create_image_version` nor `list_image_versions`.",
            WithoutOperations([.createImageVersion, .listImageVersions])
        ),
        .broken(
            "unknown-operations-are-invalid",
            breaks: "HUB-OPS-003",
            "Answers an operation that it does not know with `VALIDATION_ERROR`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == nil else { return try question.decide() }
                return try question.refuse(StorageFailure(.validationError, "there is no such operation"))
            }
        ),
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
        .broken(
            "first-content-is-answered",
            breaks: "HUB-GET-001",
            "Answers `get_image` with the content of the first version for ever.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .getImage, (question.data["version"] ?? .null) == .null else {
                    return try question.decide()
                }
                return try question.decide(data: question.data.merging(["version": 1]) { $1 })
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
                return try question.decide(data: question.data.filter { $0.key != "version" })
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
                return try question.decide(data: question.data.filter { $0.key != "version" })
            }
        ),
        .broken(
            "version-0-is-the-newest",
            breaks: "HUB-GET-004",
            "Takes a `version` of 0 or less for none: its language takes 0 for false.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .getImage, let version = question.data["version"]?.integer, version < 1
                else { return try question.decide() }
                return try question.decide(data: question.data.filter { $0.key != "version" })
            }
        ),
        .broken(
            "missing-image-is-invalid",
            breaks: "HUB-GET-005",
            "Answers `get_image` of an image that is not there with `VALIDATION_ERROR`.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard question.operation == .getImage, decision.failure?.knownCode == .imageNotFound else {
                    return decision
                }
                return try question.refuse(invalid: "image_id", "is that of no image")
            }
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
        .broken(
            "update-resets-other-fields",
            breaks: "HUB-UPD-001",
            "Takes `update_image` for a replacement: a theme that is not given becomes the default.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .updateImage, !question.texts.isEmpty,
                    (question.data["theme"] ?? .null) == .null
                else { return try question.decide() }
                return try question.decide(data: question.data.merging(["theme": "default"]) { $1 })
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
        .broken(
            "second-delete-succeeds",
            breaks: "HUB-DEL-002",
            "Answers `delete_image` of an image that is not there with success, as SQL's `DELETE` does.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard question.operation == .deleteImage, decision.failure?.knownCode == .imageNotFound,
                    let id = question.imageID
                else { return decision }
                return try question.answer(.deleted(DeletedImage(id: id)))
            }
        ),
        .broken(
            "delete-answers-no-id",
            breaks: "HUB-DEL-003",
            "Answers `delete_image` with `{\"deleted\": true}`.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                if question.operation == .deleteImage {
                    decision.changeData(to: question.request.operationID) { $0 = ["deleted": true] }
                }
                return decision
            }
        ),
        .broken(
            "deleted-images-stay-listed",
            breaks: "HUB-DEL-001",
            "Marks an image as deleted and forgets to leave it out of lists.",
            DeletedImagesStay(in: .lists)
        ),
        .broken(
            "deleted-images-keep-their-versions",
            breaks: "HUB-DEL-001",
            "Deletes an image and leaves its versions to be listed.",
            DeletedImagesStay(in: .versions)
        ),
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
                return try question.decide(data: question.data.merging(["width": height, "height": width]) { $1 })
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

/// Some operations are unknown, and not announced.
private struct WithoutOperations: Conduct {
    let names: Set<String>

    init(_ operations: [OperationName]) { names = Set(operations.map(\.rawValue)) }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard names.contains(question.request.operation) else { return try question.decide() }
        return try question.refuse(.unknownOperation(question.request.operation))
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .announcement {
            publication.changeBody { members in
                let all = members["operations"]?.array ?? []
                members["operations"] = .array(all.filter { !names.contains($0.string ?? "") })
            }
        }
        try await line.publish(publication)
    }
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

private final class DeletedImagesStay: Conduct {
    enum Place { case lists, versions }

    private struct Deleted {
        let record: ImageRecord
        let versions: [ImageVersion]
    }

    private let place: Place
    private let deleted = RecentNotes<Deleted>(countMax: 1000)

    init(in place: Place) { self.place = place }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        switch (question.operation, place) {
        case (.deleteImage, _):
            guard let id = question.imageID, let record = try question.reader.image(id) else { break }
            let versions = try question.reader.versions(of: id, skip: 0, limit: ProtocolLimits.pageLimitMax)
            let decision = try question.decide()
            if decision.isSuccess { deleted.note(Deleted(record: record, versions: versions), for: id) }
            return decision
        case (.listImages, .lists):
            let gone = deleted.all.map(\.record)
            let lists = ReaderOfLists(present: question.reader) { images, filter in
                (images + gone).filter(filter.matches).sorted { $0.isListed(before: $1) }
            }
            return try question.decide(reading: lists)
        case (.listImageVersions, .versions):
            let decision = try question.decide()
            guard decision.failure?.knownCode == .imageNotFound, let id = question.imageID, let gone = deleted[id]
            else { return decision }
            return try question.answer(.versions(VersionPage(versions: gone.versions)))
        default: break
        }
        return try question.decide()
    }
}

extension Question {
    /// A success in the place of what the engine would say to a request that comes for the first time.
    func answer(_ outcome: Outcome) throws(RecordStoreError) -> Decision {
        guard try reader.operation(request.operationID) == nil else { return try decide() }
        return remembering(outcome)
    }
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
