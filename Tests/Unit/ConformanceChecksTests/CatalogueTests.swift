import Foundation
import JSON
import TestSupport
import Testing

@testable import ConformanceChecks

@Suite("The catalogue of checks") struct CatalogueTests {
    private static let root = Fixtures.folder.deletingLastPathComponent()

    /// Whether generated files are written anew, instead of compared.
    private static let updates = ProcessInfo.processInfo.environment["UPDATE_CONFORMANCE"] != nil

    /// One element a line, so that a change is seen in a diff.
    private static func hold(
        _ path: String,
        _ elements: [JSONValue],
        from opening: String = "[\n",
        to closing: String = "\n]\n"
    ) throws {
        let lines = elements.map { String(decoding: $0.encoded(), as: UTF8.self) }
        let text = opening + lines.joined(separator: ",\n") + closing
        let file = root.appending(path: path)
        if updates { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "run the test with UPDATE_CONFORMANCE=1")
    }

    @Test func theSentencesAreThoseOfTheDocument() throws {
        let document = try String(contentsOf: Self.root.appending(path: "docs/protocol.md"), encoding: .utf8)
        let requirements = Requirement.reading(document)
        #expect(requirements.count > 150)
        for requirement in requirements { #expect(!requirement.keyword.isEmpty, "\(requirement.id) has no keyword") }
        try Self.hold("Sources/ConformanceChecks/Requirements/requirements.json", requirements.map(\.json))
    }

    /// What the specification's own checks read.
    @Test func theListOfChecksIsThatOfTheSpecification() throws {
        let list = Catalogue.checks.map { check -> JSONValue in
            [
                "id": .string(check.id), "title": .string(check.title), "profile": .string(check.profile.rawValue),
                "requirements": .array(check.requirements.map(JSONValue.string)),
            ]
        }
        try Self.hold("spec/checks.json", list, from: "{\"checks\":[\n", to: "\n]}\n")
    }

    @Test func everyCheckIsForSentencesThatThereAre() {
        let known = Set(Requirements.all.keys)
        for check in Catalogue.checks {
            #expect(!check.requirements.isEmpty && Set(check.requirements).isSubset(of: known), "\(check.id)")
        }
    }

    @Test func idsAreUniqueAndInKebabCase() {
        let ids = Catalogue.checks.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.wholeMatch(of: /[a-z0-9-]+\.[a-z0-9-]+/) != nil, "\(id)") }
    }

    @Test func everyProfileHasChecks() {
        for profile in Profile.allCases {
            #expect(Catalogue.checks.contains { $0.profile == profile }, "\(profile.rawValue)")
        }
    }
}
