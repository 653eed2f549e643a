import Foundation
import Testing

/// One pair of files in `fixtures/multipart`: a body, and what was meant by it.
struct Capture: Sendable, CustomTestStringConvertible {
    struct Expectation: Decodable {
        struct Part: Decodable {
            let name: String
            let filename: String?
            let contentType: String?
            let text: String?
            let base64: Data?

            var content: [UInt8] { base64.map { [UInt8]($0) } ?? Array(text!.utf8) }
        }

        let contentType: String
        let parts: [Part]?
        let error: String?
    }

    let name: String
    let body: [UInt8]
    let expected: Expectation

    var testDescription: String { name }

    static let all: [Capture] = {
        var root = URL(filePath: #filePath)
        while !FileManager.default.fileExists(atPath: root.appending(path: "Package.swift").path) {
            root.deleteLastPathComponent()
        }
        let folder = root.appending(path: "fixtures/multipart")
        let names = try! FileManager.default.contentsOfDirectory(atPath: folder.path)
        return names.filter { $0.hasSuffix(".bin") }.sorted().map { name in
            let file = folder.appending(path: name)
            let sidecar = file.deletingPathExtension().appendingPathExtension("json")
            return Capture(
                name: name,
                body: [UInt8](try! Data(contentsOf: file)),
                expected: try! JSONDecoder().decode(Expectation.self, from: Data(contentsOf: sidecar))
            )
        }
    }()
}
