import JSON

/// The record of an image, complete, as replies and events carry it (contract §3).
public struct ImageRecord: Sendable, Hashable {
    public var id: String
    public var type: String
    public var subtype: String
    public var name: String
    public var theme: String
    /// The content of `version`.
    public var content: ImageContent
    /// From 1.
    public var version: Int
    public var createdAt: Timestamp
    /// Strictly increases with every change of the image.
    public var updatedAt: Timestamp

    public init(
        id: String,
        type: String,
        subtype: String,
        name: String,
        theme: String,
        content: ImageContent,
        version: Int,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.type = type
        self.subtype = subtype
        self.name = name
        self.theme = theme
        self.content = content
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Reads a record; `path` stands before the names of fields in problems.
    public init(_ json: JSONValue, path: String = "data.") throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: String(path.dropLast())), path: path)
        id = fields.string("id", length: 1...ProtocolLimits.imageIDLengthMax)
        // What storage keeps verbatim is not judged by the rules for new text: only its type counts here.
        type = fields.string("type", length: 0...Int.max)
        subtype = fields.string("subtype", length: 0...Int.max)
        name = fields.string("name", length: 0...Int.max)
        content = ImageContent(reading: &fields)
        version = fields.integer("version", in: 1...Int.max)
        var metadata = FieldReader(fields.object("metadata"), path: path + "metadata.")
        let metadataIsThere = fields.value("metadata")?.object != nil
        theme = metadata.string("theme", length: 0...Int.max)
        createdAt = metadata.timestamp("created_at")
        updatedAt = metadata.timestamp("updated_at")
        if metadataIsThere { fields.adopt(metadata) }
        try fields.finish()
    }

    /// The record as the wire has it.
    public var json: JSONValue {
        var members = content.recordFields
        members["id"] = .string(id)
        members["type"] = .string(type)
        members["subtype"] = .string(subtype)
        members["name"] = .string(name)
        members["version"] = .integer(Int64(version))
        members["metadata"] = [
            "theme": .string(theme), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
        return .object(members)
    }
}
