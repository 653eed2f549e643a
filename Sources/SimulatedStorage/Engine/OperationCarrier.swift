import HubProtocol
import JSON

/// What carrying out an operation comes to, but for what every operation has in common (being remembered, room).
struct Effect {
    var outcome: Outcome
    var changes: [Change]

    init(_ outcome: Outcome, changes: [Change] = []) {
        self.outcome = outcome
        self.changes = changes
    }

    /// Whether another version would be kept.
    var addsVersion: Bool {
        changes.contains { change in
            switch change {
            case .insertImage, .addVersion: true
            case .updateImage, .deleteImage, .insertAsset, .touchAsset, .removeAsset, .remember, .forgetOperations,
                .publish, .forgetEvents:
                false
            }
        }
    }
}

/// Carries out one operation on one state: the contract's table (§3), a function each.
struct OperationCarrier {
    let operationID: String
    let now: Timestamp
    let ids: IDSource
    let reader: any RecordReader

    func carryOut(_ operation: StorageOperation) throws(RecordStoreError) -> Effect {
        switch operation {
        case .createImage(let data): try createImage(data)
        case .getImage(let data): try getImage(data)
        case .listImages(let data): try listImages(data)
        case .updateImage(let data): try updateImage(data)
        case .createImageVersion(let data): try createImageVersion(data)
        case .listImageVersions(let data): try listImageVersions(data)
        case .deleteImage(let data): try deleteImage(data)
        }
    }

    private func createImage(_ data: CreateImage) throws(RecordStoreError) -> Effect {
        if let failure = try assetFailure(data.content) { return Effect(.failed(failure)) }
        let record = ImageRecord(
            id: try freeID(),
            type: data.type,
            subtype: data.subtype,
            name: data.name,
            theme: data.theme,
            content: data.content,
            version: 1,
            createdAt: now,
            updatedAt: now
        )
        return Effect(.record(record), changes: [.insertImage(record), event(.created, record, at: now)])
    }

    private func freeID() throws(RecordStoreError) -> String {
        var id = ids.nextForImage()
        while try reader.image(id) != nil { id = ids.nextForImage() }
        return id
    }

    private func getImage(_ data: GetImage) throws(RecordStoreError) -> Effect {
        guard var record = try reader.image(data.imageID) else { return Effect(.failed(.imageNotFound(data.imageID))) }
        guard let number = data.version, number != record.version else { return Effect(.record(record)) }
        guard let version = try reader.version(number, of: record.id) else {
            return Effect(.failed(.versionNotFound(number, newest: record.version)))
        }
        // The image's present metadata with that version's content (contract §7).
        record.content = version.content
        record.version = number
        return Effect(.record(record))
    }

    private func listImages(_ data: ListImages) throws(RecordStoreError) -> Effect {
        let filter = ImageFilter(type: data.type, theme: data.theme)
        let images = try reader.images(
            matching: filter,
            skip: data.skip ?? 0,
            limit: data.limit ?? ProtocolLimits.pageLimitDefault
        )
        return Effect(.images(ImagePage(images: images, total: try reader.imageCount(matching: filter))))
    }

    private func updateImage(_ data: UpdateImage) throws(RecordStoreError) -> Effect {
        guard var record = try reader.image(data.imageID) else { return Effect(.failed(.imageNotFound(data.imageID))) }
        record.name = data.name ?? record.name
        record.type = data.type ?? record.type
        record.subtype = data.subtype ?? record.subtype
        record.theme = data.theme ?? record.theme
        record.updatedAt = timeAfter(record)
        return Effect(
            .record(record),
            changes: [.updateImage(record), event(.updated, record, at: record.updatedAt)]
        )
    }

    private func createImageVersion(_ data: CreateImageVersion) throws(RecordStoreError) -> Effect {
        guard var record = try reader.image(data.imageID) else { return Effect(.failed(.imageNotFound(data.imageID))) }
        if let expected = data.expectedVersion, expected != record.version {
            return Effect(.failed(.versionConflict(expected: expected, newest: record.version)))
        }
        if let failure = try assetFailure(data.content) { return Effect(.failed(failure)) }
        record.content = data.content
        record.version += 1
        record.updatedAt = timeAfter(record)
        return Effect(
            .record(record),
            changes: [.addVersion(record), event(.versionCreated, record, at: record.updatedAt)]
        )
    }

    private func listImageVersions(_ data: ListImageVersions) throws(RecordStoreError) -> Effect {
        guard try reader.image(data.imageID) != nil else { return Effect(.failed(.imageNotFound(data.imageID))) }
        let versions = try reader.versions(
            of: data.imageID,
            skip: data.skip ?? 0,
            limit: data.limit ?? ProtocolLimits.pageLimitDefault
        )
        return Effect(.versions(VersionPage(versions: versions)))
    }

    private func deleteImage(_ data: DeleteImage) throws(RecordStoreError) -> Effect {
        guard let record = try reader.image(data.imageID) else { return Effect(.failed(.imageNotFound(data.imageID))) }
        return Effect(
            .deleted(DeletedImage(id: record.id)),
            changes: [
                .deleteImage(id: record.id, releasedAt: now), event(.deleted, record, at: timeAfter(record)),
            ]
        )
    }

    /// Why a content cannot be kept: its asset is not there, or is of another size. Without a name there is none to ask for.
    private func assetFailure(_ content: ImageContent) throws(RecordStoreError) -> StorageFailure? {
        guard let name = content.sha256 else { return nil }
        guard let asset = try reader.asset(name) else { return .assetNotFound(name) }
        guard asset.size != content.size else { return nil }
        return .invalid(
            InvalidFields([
                FieldProblem(
                    path: "data.size",
                    message: "must be \(asset.size), the size of the asset, not \(content.size)"
                )
            ])
        )
    }

    /// The time of a change of this image: now, or later where its last change is not before now (contract §7: strictly
    /// increasing, whatever the clock does).
    private func timeAfter(_ record: ImageRecord) -> Timestamp {
        max(now, record.updatedAt.adding(milliseconds: 1))
    }

    private func event(_ kind: StorageEvent.Kind, _ record: ImageRecord, at time: Timestamp) -> Change {
        .publish(
            StorageEvent(
                kind: kind,
                eventID: ids.next(),
                occurredAt: time,
                operationID: operationID,
                record: record
            )
        )
    }
}
