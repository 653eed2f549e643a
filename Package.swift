// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where CI=true is set; a newer compiler on a user's machine must not stop the build.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let package = Package(name: "image-service", targets: [])
