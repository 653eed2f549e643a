import Foundation
import HubProtocol
import JSON
import Testing

/// One file of `fixtures/messages` (its README says what the keys mean).
struct MessageFixture: Sendable, CustomTestStringConvertible {
    let file: String
    let kind: String
    let message: JSONValue
    let canonical: JSONValue
    let operation: OperationName?
    /// `nil` for a message that is right.
    let problems: [String]?
    let operationID: String?

    var testDescription: String { file }

    /// The message as bytes, spelled by another encoder than ours.
    let body: [UInt8]

    static let all: [MessageFixture] = {
        let folder = packageRoot.appending(path: "fixtures/messages")
        let files = try! FileManager.default.contentsOfDirectory(atPath: folder.path)
        return files.filter { $0.hasSuffix(".json") }.sorted().map { MessageFixture(folder: folder, file: $0) }
    }()

    static let valid = all.filter { $0.problems == nil }
    static let invalid = all.filter { $0.problems != nil }

    private init(folder: URL, file: String) {
        let data = try! Data(contentsOf: folder.appending(path: file))
        let foundation = try! JSONSerialization.jsonObject(with: data) as! [String: Any]
        body = [UInt8](
            try! JSONSerialization.data(withJSONObject: foundation["message"]!, options: [.fragmentsAllowed])
        )
        let json = try! JSONValue(parsing: [UInt8](data))
        self.file = file
        kind = json["kind"]!.string!
        message = json["message"]!
        canonical = json["canonical"] ?? message
        operation = json["operation"].map { OperationName(rawValue: $0.string!)! }
        problems = json["problems"].map { $0.array!.map { $0.string! } }
        operationID = json["operation_id"]?.string
    }
}

/// The folder that holds `Package.swift`.
let packageRoot: URL = {
    var folder = URL(filePath: #filePath)
    while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
        folder.deleteLastPathComponent()
    }
    return folder
}()
