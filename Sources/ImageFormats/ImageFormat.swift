/// An image format that this module recognises, by its bytes alone.
///
/// The raw value is the name used everywhere outside: in `IMAGE_FORMATS`, in records and in answers.
///
///     ImageFormat(name: "JPG") == .jpeg
///     ImageFormat.webp.mediaType == "image/webp"
public enum ImageFormat: String, CaseIterable, Sendable, Hashable, Codable {
    case png, jpeg, gif, webp, avif, bmp, tiff

    /// The format of that name, in any case; `jpg` and `tif` are understood too, because people type them.
    ///
    /// - Returns: `nil` for a name that is no format, so that a misspelt setting is noticed and not ignored.
    public init?(name: String) {
        switch name.lowercased() {
        case "jpg": self = .jpeg
        case "tif": self = .tiff
        case let other: self.init(rawValue: other)
        }
    }

    /// The media type to send with such a file, as IANA registers it.
    public var mediaType: String { "image/\(rawValue)" }
}

extension ImageFormat: Comparable {
    /// The order of declaration, so that lists of formats always read alike.
    public static func < (left: ImageFormat, right: ImageFormat) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}
