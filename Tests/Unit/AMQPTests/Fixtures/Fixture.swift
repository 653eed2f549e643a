import Foundation

/// Files under `fixtures/amqp`.
enum Fixture {
    struct NoPackage: Error {}

    static func contents(_ name: String) throws -> Data {
        var folder = URL(filePath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            guard folder.path != "/" else { throw NoPackage() }
            folder = folder.deletingLastPathComponent()
        }
        return try Data(contentsOf: folder.appending(path: "fixtures/amqp/\(name)"))
    }
}
