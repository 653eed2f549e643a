import Foundation
import Testing

@testable import ImageFormats

private let pngSuiteFolder = ProcessInfo.processInfo.environment["PNGSUITE_FOLDER"]

/// Willem van Schaik's PngSuite, where `PNGSUITE_FOLDER` names a folder that holds it (`make test-pngsuite` fetches what
/// packages have of it): files whose name begins with `x` are damaged, all others are good. What it has of damaged ones is
/// among our own fixtures too.
@Suite("PngSuite", .enabled(if: pngSuiteFolder != nil))
struct PNGSuiteTests {
    @Test func isRightInEveryFile() throws {
        let folder = try #require(pngSuiteFolder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".png") }.sorted()
        #expect(names.count >= 28)
        for name in names {
            let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) })
            if name.hasPrefix("x") {
                #expect(throws: ImageRejection.self, "\(name)") {
                    try ImageValidator.validate(bytes, limits: ImageLimits())
                }
            } else {
                #expect(throws: Never.self, "\(name)") { try ImageValidator.validate(bytes, limits: ImageLimits()) }
                #expect(throws: Never.self, "\(name)") { try render(bytes) }
            }
        }
    }

    private func render(_ bytes: [UInt8]) throws {
        let options = try RenderOptions(width: 16, height: 16, format: .png)
        let plan = try ImageRenderer.plan(bytes.span, options, limits: ImageLimits())
        _ = try ImageRenderer.render(bytes.span, plan, limits: ImageLimits())
    }
}
