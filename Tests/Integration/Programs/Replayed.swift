import Foundation
import TestSupport

/// `StorageSimulator replay FILE`.
struct Replayed {
    let status: Int32
    let output: String

    init(_ record: String) throws {
        let process = Process()
        process.executableURL = Programs.folder.appending(path: "StorageSimulator")
        process.arguments = ["replay", record]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}
