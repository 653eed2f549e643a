import HubProtocol
import JSON

/// An image as the HTTP API shows it (contract §2): the record of storage in the guide's shape, with URLs of ours.
package struct ImageView: Sendable {
    private let record: ImageRecord
    private let publicURL: String

    /// - Parameter publicURL: what `content.url` starts with, without a slash at its end.
    package init(_ record: ImageRecord, publicURL: String) {
        self.record = record
        self.publicURL = publicURL
    }

    package var json: JSONValue {
        [
            "id": .string(record.id), "type": .string(record.type), "subtype": .string(record.subtype),
            "content": ImageView.content(record.content, of: record.id, version: record.version, publicURL: publicURL),
            "metadata": [
                "theme": .string(record.theme), "created_at": .string(record.createdAt.description),
                "updated_at": .string(record.updatedAt.description),
            ],
            "name": .string(record.name), "version": .integer(Int64(record.version)),
        ]
    }

    /// The `content` of an image or of one of its versions. Its `url` names the version, so it never changes its bytes.
    package static func content(
        _ content: ImageContent,
        of imageID: String,
        version: Int,
        publicURL: String
    ) -> JSONValue {
        [
            "url": .string("\(publicURL)\(ImagePaths.content(of: imageID))?version=\(version)"),
            "format": .string(content.format),
            "size": ["width": .integer(Int64(content.width)), "height": .integer(Int64(content.height))],
            "bytes": .integer(Int64(content.size)), "sha256": content.sha256.map(JSONValue.string) ?? .null,
        ]
    }
}

/// One version of an image as `GET …/versions` shows it.
package struct VersionView: Sendable {
    private let version: ImageVersion
    private let imageID: String
    private let publicURL: String

    package init(_ version: ImageVersion, of imageID: String, publicURL: String) {
        self.version = version
        self.imageID = imageID
        self.publicURL = publicURL
    }

    package var json: JSONValue {
        [
            "version": .integer(Int64(version.version)),
            "content": ImageView.content(
                version.content,
                of: imageID,
                version: version.version,
                publicURL: publicURL
            ),
            "created_at": .string(version.createdAt.description),
        ]
    }
}
