import Foundation
import Testing

/// A file in `docs/` that a test writes: with `UPDATE_DOCS=1` it does, otherwise it makes sure that it would write the same.
struct GeneratedDocument {
    let name: String

    /// Where it lies, beside `Package.swift`.
    var path: String { Self.repository() + "/docs/" + name }

    /// The folder that holds `Package.swift`.
    static func repository(_ here: String = #filePath) -> String {
        var folder = URL(filePath: here)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
            folder.deleteLastPathComponent()
        }
        return folder.path
    }

    /// Writes the text, or compares it with the file.
    /// - Parameter test: whose run writes the file.
    func holds(_ text: String, by test: String) throws {
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
            return try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let old = try String(contentsOfFile: path, encoding: .utf8)
        guard old != text else { return }
        let change = zip(old.split(separator: "\n"), text.split(separator: "\n")).first { $0 != $1 }
        Issue.record(
            """
            docs/\(name) is not what this run makes of it: UPDATE_DOCS=1 swift test --filter \(test)
            there: \(change?.0 ?? "fewer lines")
            now:   \(change?.1 ?? "more lines")
            """
        )
    }
}
