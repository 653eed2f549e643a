import HubProtocol

/// An image that was looked at and found good: its bytes as they came, and what they show.
package struct UploadedImage: Sendable {
    package var bytes: [UInt8]
    /// 64 lower-case hex digits.
    package var sha256: String
    /// `png`, `jpeg`, …
    package var format: String
    /// `image/png`, …
    package var mediaType: String
    package var width: Int
    package var height: Int

    package init(bytes: [UInt8], sha256: String, format: String, mediaType: String, width: Int, height: Int) {
        self.bytes = bytes
        self.sha256 = sha256
        self.format = format
        self.mediaType = mediaType
        self.width = width
        self.height = height
    }

    /// The content for a request to storage.
    package func content(at url: String) -> ImageContent {
        ImageContent(url: url, format: format, width: width, height: height, size: bytes.count, sha256: sha256)
    }
}

/// The words that a user gives an image, checked.
package struct ImageLabels: Sendable, Hashable {
    package var type: String
    package var subtype: String
    package var name: String
    package var theme: String

    package init(type: String, subtype: String, name: String, theme: String) {
        self.type = type
        self.subtype = subtype
        self.name = name
        self.theme = theme
    }
}
