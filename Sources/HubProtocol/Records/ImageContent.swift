import JSON

/// What one version of an image is: where its bytes are and what they show.
public struct ImageContent: Sendable, Hashable {
    /// A URI reference, resolved against the storage URL; kept verbatim by storage.
    public var url: String
    /// The image format's name, such as `png`.
    public var format: String
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Bytes.
    public var size: Int
    /// The asset's name; `nil` for records that came without one.
    public var sha256: String?

    public init(url: String, format: String, width: Int, height: Int, size: Int, sha256: String?) {
        self.url = url
        self.format = format
        self.width = width
        self.height = height
        self.size = size
        self.sha256 = sha256
    }

    init(reading fields: inout FieldReader) {
        url = fields.string("url", length: 1...ProtocolLimits.urlLengthMax)
        format = fields.string("format", length: 1...ProtocolLimits.formatLengthMax)
        width = fields.integer("width", in: 1...Int.max)
        height = fields.integer("height", in: 1...Int.max)
        size = fields.integer("size", in: 0...Int.max)
        sha256 = fields.optionalDigest("sha256")
    }

    /// The fields for a request: without a `sha256` that is not there.
    var requestFields: [String: JSONValue] {
        sha256 == nil ? recordFields.filter { $0.key != "sha256" } : recordFields
    }

    /// The fields for a record: complete, with `null` for a missing `sha256`.
    var recordFields: [String: JSONValue] {
        [
            "url": .string(url), "format": .string(format), "width": .integer(Int64(width)),
            "height": .integer(Int64(height)), "size": .integer(Int64(size)),
            "sha256": sha256.map(JSONValue.string) ?? .null,
        ]
    }
}
