import Foundation

/// The files under `fixtures/`.
public enum Fixtures {
    /// The folder itself, found from this source file.
    public static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures")

    /// The bytes of a fixture, such as `images/rgb.png`.
    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }
}
