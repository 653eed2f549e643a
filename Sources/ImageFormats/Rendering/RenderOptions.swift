/// What a rendered variant of an image shall be like.
///
///     try RenderOptions(width: 320, height: 240, fit: .cover, format: .webp, quality: 80)
public struct RenderOptions: Sendable, Hashable {
    /// How the image goes into the box of ``width`` and ``height``.
    public enum Fit: String, CaseIterable, Sendable {
        /// All of it, its proportions kept: one side may be shorter than the box.
        case contain
        /// The whole box, the proportions kept: what hangs over on two sides is cut off, the middle stays.
        case cover
        /// Exactly the box, the proportions given up.
        case fill
    }

    /// An option out of its range.
    public struct Invalid: Error, Sendable, Hashable {
        /// The name of the option, as the initialiser calls it.
        public var parameter: String
        /// What is wrong, for a client.
        public var message: String
    }

    /// Greatest width and height of a rendered image, in pixels, asked for or not.
    public static let sideMax = 10_000
    /// Formats that images are rendered in.
    public static let formats: Set<ImageFormat> = [.png, .jpeg, .webp]
    /// The quality where none is asked for.
    public static let defaultQuality = 85

    /// Width of the box in pixels, as displayed; without it, it follows from the height and the proportions.
    public let width: Int?
    /// Height of the box in pixels, as displayed; without it, it follows from the width and the proportions.
    public let height: Int?
    /// How the image goes into the box; without one of its sides, always all of it.
    public let fit: Fit
    /// `nil` for the format of the original, or PNG where that is none of ``formats``.
    public let format: ImageFormat?
    /// 1 … 100, for JPEG and WebP.
    public let quality: Int
    /// Whether the image may become larger than the original.
    public let enlarge: Bool

    /// Options, each checked for its range.
    public init(
        width: Int? = nil,
        height: Int? = nil,
        fit: Fit = .contain,
        format: ImageFormat? = nil,
        quality: Int = RenderOptions.defaultQuality,
        enlarge: Bool = false
    ) throws(Invalid) {
        for (parameter, side) in [("width", width), ("height", height)] {
            if let side, !(1...Self.sideMax ~= side) {
                throw Invalid(parameter: parameter, message: "must be 1 to \(Self.sideMax)")
            }
        }
        guard 1...100 ~= quality else { throw Invalid(parameter: "quality", message: "must be 1 to 100") }
        if let format, !Self.formats.contains(format) {
            let names = Self.formats.sorted().map(\.rawValue).joined(separator: ", ")
            throw Invalid(parameter: "format", message: "must be one of \(names)")
        }
        (self.width, self.height, self.fit) = (width, height, fit)
        (self.format, self.quality, self.enlarge) = (format, quality, enlarge)
    }
}
