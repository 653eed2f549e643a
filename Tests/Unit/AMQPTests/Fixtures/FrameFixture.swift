import Foundation
import Testing

/// One frame of a `.frames` file: its octets and the line that tracing shows for it.
struct FrameFixture: CustomTestStringConvertible, Sendable {
    var octets: [UInt8]
    var line: String

    var testDescription: String { line }

    /// All frames of the file.
    static func all(_ name: String) throws -> [FrameFixture] {
        var frames: [FrameFixture] = []
        var digits = ""
        for line in String(decoding: try Fixture.contents(name), as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("= ") {
                frames.append(FrameFixture(octets: bytes(digits), line: String(line.dropFirst(2))))
                digits = ""
            } else {
                digits += line.prefix { $0 != "#" }
            }
        }
        return frames
    }

    static let fromSpecification = try! all("spec.frames")
    static let fromPika = try! all("pika.frames")
}

/// Octets of hexadecimal digits, spaces aside.
func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits.filter { !$0.isWhitespace })
    precondition(digits.count.isMultiple(of: 2))
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
}
