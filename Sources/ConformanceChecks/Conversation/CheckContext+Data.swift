import JSON

/// The data of the requests that checks send, and the images that they stand on.
extension CheckContext {
    /// The data of a `create_image` of this check's own.
    func imageData(_ changes: [String: JSONValue] = [:]) -> JSONValue {
        var data: [String: JSONValue] = [
            "type": .string(type), "subtype": "character", "name": .string(unique("name")), "theme": "conformance",
            "url": "/conformance/image.png", "format": "png", "width": 4, "height": 3, "size": 100,
        ]
        data.merge(changes) { _, other in other }
        return .object(data)
    }

    /// An image that the check stands on.
    func create(_ changes: [String: JSONValue] = [:]) async throws -> JSONValue {
        try await setUp {
            let record = try await succeed("create_image", imageData(changes))
            guard record["id"]?.string != nil else {
                throw CheckFailure("record.no-id", "the record of a new image has no id")
            }
            return record
        }
    }

    /// The data of a `create_image_version`, which always names an asset (HUB-VER-010): one of this check's own that is
    /// there, unless the changes name another.
    func versionData(_ image: JSONValue, _ changes: [String: JSONValue] = [:]) async throws -> JSONValue {
        if let sha256 = changes["sha256"] { return versionData(image, of: sha256, changes) }
        let check = self
        let asset = try await run.shared("asset of the versions of \(checkID)") {
            let asset = try await check.storedAsset()
            return [.string(asset.name), .integer(Int64(asset.bytes.count))]
        }
        return versionData(image, of: asset[0], changes.merging(["size": asset[1]]) { own, _ in own })
    }

    /// The data of a `create_image_version` that names an asset, whether it is there or not.
    func versionData(_ image: JSONValue, of sha256: JSONValue, _ changes: [String: JSONValue] = [:]) -> JSONValue {
        var data: [String: JSONValue] = [
            "image_id": imageID(of: image), "url": "/conformance/next.png", "format": "jpeg", "width": 8,
            "height": 6, "size": 200, "sha256": sha256,
        ]
        data.merge(changes) { _, other in other }
        return .object(data)
    }

    /// A request about one image.
    func about(_ image: JSONValue, _ fields: [String: JSONValue] = [:]) -> JSONValue {
        .object(fields.merging(["image_id": imageID(of: image)]) { own, _ in own })
    }

    /// The id of a record; that of no image where it has none, because what a service answers does not make our requests
    /// wrong.
    private func imageID(of image: JSONValue) -> JSONValue { .string(image["id"]?.string ?? "") }

    /// An id that is that of no image.
    func unknownImage() -> JSONValue { ["id": .string(newID())] }
}
