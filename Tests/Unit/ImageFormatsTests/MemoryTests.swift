import Foundation
import TestSupport
import Testing

@testable import ImageFormats

/// What a file costs in memory is said before it is decoded, and held: measured by a program whose malloc counts.
@Suite(.timeLimit(.minutes(10))) struct MemoryTests {
    struct Measured {
        let name: String
        let decodingSaid: Int
        let decodingTaken: Int
        let renderingSaid: Int
        let renderingTaken: Int
    }

    @Test(arguments: ["good", "bad"]) func noFixtureTakesMoreThanWasSaid(_ folder: String) throws {
        let measured = try measure(Fixture.names(in: folder).map(Fixture.path))
        #expect(measured.count > 30)
        for file in measured {
            #expect(file.decodingTaken <= file.decodingSaid, "decoding \(file.name)")
            #expect(file.renderingTaken <= file.renderingSaid, "rendering \(file.name)")
        }
        // Something was measured at all: none of these decoders works in no memory, and large pictures take more.
        #expect(measured.filter { $0.decodingTaken > 5_000 }.count > 20)
        #expect(folder == "bad" || measured.filter { $0.renderingTaken > 100_000 }.count >= 9)
    }

    private func measure(_ paths: [String]) throws -> [Measured] {
        let process = Process()
        process.executableURL = Programs.folder.appending(path: "ImageMemoryProbe")
        process.arguments = paths
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            try #require(numbers.count == 4)
            return Measured(
                name: String(words[0]),
                decodingSaid: numbers[0],
                decodingTaken: numbers[1],
                renderingSaid: numbers[2],
                renderingTaken: numbers[3]
            )
        }
    }
}
