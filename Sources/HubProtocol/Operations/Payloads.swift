import JSON

// The data of each operation, one type each, in the order of the contract's table (§3).
// Each reads itself from a message's fields and writes itself as such; the rules for single values are FieldReader's.

/// A new image, version 1.
public struct CreateImage: Sendable, Hashable {
    public var type: String
    public var subtype: String
    public var name: String
    public var theme: String
    public var content: ImageContent

    public init(type: String, subtype: String, name: String, theme: String, content: ImageContent) {
        self.type = type
        self.subtype = subtype
        self.name = name
        self.theme = theme
        self.content = content
    }

    init(reading fields: inout FieldReader) {
        type = fields.text("type")
        subtype = fields.text("subtype")
        name = fields.text("name")
        theme = fields.text("theme")
        content = ImageContent(reading: &fields)
    }

    var data: [String: JSONValue] {
        content.requestFields.merging(
            ["type": .string(type), "subtype": .string(subtype), "name": .string(name), "theme": .string(theme)],
            uniquingKeysWith: { _, own in own }
        )
    }
}

/// One image; with `version`, its present metadata and that version's content.
public struct GetImage: Sendable, Hashable {
    public var imageID: String
    /// From 1; `nil` for the newest.
    public var version: Int?

    public init(imageID: String, version: Int? = nil) {
        self.imageID = imageID
        self.version = version
    }

    init(reading fields: inout FieldReader) {
        imageID = fields.string("image_id", length: 0...Int.max)
        version = fields.optionalInteger("version", in: 1...Int.max)
    }

    var data: [String: JSONValue] {
        present(["image_id": .string(imageID), "version": version.map { .integer(Int64($0)) }])
    }
}

/// A page of the images that match every given filter exactly, oldest first.
public struct ListImages: Sendable, Hashable {
    public var type: String?
    public var theme: String?
    /// How many to pass over; default 0.
    public var skip: Int?
    /// How many to answer at most, 1 to 1000; default 100.
    public var limit: Int?

    public init(type: String? = nil, theme: String? = nil, skip: Int? = nil, limit: Int? = nil) {
        self.type = type
        self.theme = theme
        self.skip = skip
        self.limit = limit
    }

    init(reading fields: inout FieldReader) {
        type = fields.optionalText("type")
        theme = fields.optionalText("theme")
        skip = fields.optionalInteger("skip", in: 0...Int.max)
        limit = fields.optionalInteger("limit", in: 1...ProtocolLimits.pageLimitMax)
    }

    var data: [String: JSONValue] {
        present([
            "type": type.map(JSONValue.string), "theme": theme.map(JSONValue.string),
            "skip": skip.map { .integer(Int64($0)) }, "limit": limit.map { .integer(Int64($0)) },
        ])
    }
}

/// New metadata for an image: at least one field.
public struct UpdateImage: Sendable, Hashable {
    public var imageID: String
    public var name: String?
    public var type: String?
    public var subtype: String?
    public var theme: String?

    public init(
        imageID: String,
        name: String? = nil,
        type: String? = nil,
        subtype: String? = nil,
        theme: String? = nil
    ) {
        self.imageID = imageID
        self.name = name
        self.type = type
        self.subtype = subtype
        self.theme = theme
    }

    init(reading fields: inout FieldReader) {
        imageID = fields.string("image_id", length: 0...Int.max)
        name = fields.optionalText("name")
        type = fields.optionalText("type")
        subtype = fields.optionalText("subtype")
        theme = fields.optionalText("theme")
        if ["name", "type", "subtype", "theme"].allSatisfy({ fields.value($0) == nil }) {
            fields.report("name", "or another of name, type, subtype and theme must be given")
        }
    }

    var data: [String: JSONValue] {
        present([
            "image_id": .string(imageID), "name": name.map(JSONValue.string), "type": type.map(JSONValue.string),
            "subtype": subtype.map(JSONValue.string), "theme": theme.map(JSONValue.string),
        ])
    }
}

/// The next version of an image.
public struct CreateImageVersion: Sendable, Hashable {
    public var imageID: String
    public var content: ImageContent
    /// The newest version that the caller knows; another one there: `VERSION_CONFLICT`.
    public var expectedVersion: Int?

    public init(imageID: String, content: ImageContent, expectedVersion: Int? = nil) {
        self.imageID = imageID
        self.content = content
        self.expectedVersion = expectedVersion
    }

    init(reading fields: inout FieldReader) {
        imageID = fields.string("image_id", length: 0...Int.max)
        content = ImageContent(reading: &fields)
        expectedVersion = fields.optionalInteger("expected_version", in: 1...Int.max)
    }

    var data: [String: JSONValue] {
        content.requestFields.merging(
            present([
                "image_id": .string(imageID), "expected_version": expectedVersion.map { .integer(Int64($0)) },
            ]),
            uniquingKeysWith: { _, own in own }
        )
    }
}

/// A page of an image's versions, ascending.
public struct ListImageVersions: Sendable, Hashable {
    public var imageID: String
    public var skip: Int?
    public var limit: Int?

    public init(imageID: String, skip: Int? = nil, limit: Int? = nil) {
        self.imageID = imageID
        self.skip = skip
        self.limit = limit
    }

    init(reading fields: inout FieldReader) {
        imageID = fields.string("image_id", length: 0...Int.max)
        skip = fields.optionalInteger("skip", in: 0...Int.max)
        limit = fields.optionalInteger("limit", in: 1...ProtocolLimits.pageLimitMax)
    }

    var data: [String: JSONValue] {
        present([
            "image_id": .string(imageID), "skip": skip.map { .integer(Int64($0)) },
            "limit": limit.map { .integer(Int64($0)) },
        ])
    }
}

/// Removes an image with all its versions.
public struct DeleteImage: Sendable, Hashable {
    public var imageID: String

    public init(imageID: String) { self.imageID = imageID }

    init(reading fields: inout FieldReader) {
        imageID = fields.string("image_id", length: 0...Int.max)
    }

    var data: [String: JSONValue] { ["image_id": .string(imageID)] }
}

/// The members that have a value.
private func present(_ members: [String: JSONValue?]) -> [String: JSONValue] {
    members.compactMapValues { $0 }
}
