import JSON

/// A page of images, by `created_at` then `id`: the reply data of `list_images`.
public struct ImagePage: Sendable, Hashable {
    public var images: [ImageRecord]
    /// How many images match in all, on this page or not.
    public var total: Int

    public init(images: [ImageRecord], total: Int) {
        self.images = images
        self.total = total
    }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "data"), path: "data.")
        total = fields.integer("total", in: 0...Int.max)
        let elements = fields.array("images")
        try fields.finish()
        var images: [ImageRecord] = []
        for (index, element) in elements.enumerated() {
            images.append(try ImageRecord(element, path: "data.images[\(index)]."))
        }
        self.images = images
    }

    public var json: JSONValue {
        ["images": .array(images.map(\.json)), "total": .integer(Int64(total))]
    }
}

/// The versions of an image, ascending: the reply data of `list_image_versions`.
public struct VersionPage: Sendable, Hashable {
    public var versions: [ImageVersion]

    public init(versions: [ImageVersion]) { self.versions = versions }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "data"), path: "data.")
        let elements = fields.array("versions")
        try fields.finish()
        var versions: [ImageVersion] = []
        for (index, element) in elements.enumerated() {
            versions.append(try ImageVersion(element, path: "data.versions[\(index)]."))
        }
        self.versions = versions
    }

    public var json: JSONValue { ["versions": .array(versions.map(\.json))] }
}

/// What `delete_image` answers.
public struct DeletedImage: Sendable, Hashable {
    public var id: String

    public init(id: String) { self.id = id }

    public init(_ json: JSONValue) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: "data"), path: "data.")
        id = fields.string("id", length: 1...ProtocolLimits.imageIDLengthMax)
        try fields.finish()
    }

    public var json: JSONValue { ["id": .string(id)] }
}
