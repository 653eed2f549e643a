import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in deleting an image.
    static let ofDeletion: [StorageMode] = [
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
            AlteredData(of: .deleteImage) { $0 = ["deleted": true] }
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
    ]
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
