import FoundationEssentials

@testable import ImageFormats

/// Files of `fixtures/images`.
enum Fixture {
    private static let folder: String = {
        var path = #filePath
        while !FileManager.default.fileExists(atPath: path + "/Package.swift") {
            path = String(path[..<path.lastIndex(of: "/")!])
        }
        return path + "/fixtures/images/"
    }()

    /// The bytes of one file, such as `good/png-rgb-8.png`.
    static func bytes(_ name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: folder + name) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return [UInt8](data)
    }

    /// Where a file lies.
    static func path(_ name: String) -> String { folder + name }

    /// Names of the files in a subfolder, sorted, with the subfolder in front.
    static func names(in subfolder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + subfolder).sorted().map { subfolder + "/" + $0 }
    }
}

/// Limits of the tests: those of the service by default, with every format let in.
let everyFormat = ImageLimits(formats: Set(ImageFormat.allCases))
