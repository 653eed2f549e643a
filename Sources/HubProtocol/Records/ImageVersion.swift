import JSON

/// One content of an image, as `list_image_versions` answers it.
public struct ImageVersion: Sendable, Hashable {
    /// From 1.
    public var version: Int
    public var content: ImageContent
    public var createdAt: Timestamp

    public init(version: Int, content: ImageContent, createdAt: Timestamp) {
        self.version = version
        self.content = content
        self.createdAt = createdAt
    }

    /// Reads a version; `path` stands before the names of fields in problems.
    public init(_ json: JSONValue, path: String) throws(InvalidFields) {
        var fields = FieldReader(try FieldReader.members(of: json, path: String(path.dropLast())), path: path)
        version = fields.integer("version", in: 1...Int.max)
        content = ImageContent(reading: &fields)
        createdAt = fields.timestamp("created_at")
        try fields.finish()
    }

    /// The version as the wire has it.
    public var json: JSONValue {
        var members = content.recordFields
        members["version"] = .integer(Int64(version))
        members["created_at"] = .string(createdAt.description)
        return .object(members)
    }
}
