import Foundation
import Testing

@testable import SimulatedStorage

/// The list of modes, against the document that they break or keep.
@Suite struct ModeListTests {
    /// Every sentence of the document: its id and its words.
    private static let sentences: [String: String] = {
        guard let text = try? String(contentsOfFile: repository + "/docs/protocol.md", encoding: .utf8) else {
            preconditionFailure("docs/protocol.md cannot be read")
        }
        let pattern = /(?m)^- \*\*([A-Z]+-[A-Z]+-\d+)\*\* ((?:.+\n)(?:  .+\n)*)/
        return Dictionary(text.matches(of: pattern).map { (String($0.1), String($0.2)) }) { first, _ in first }
    }()

    /// The folder that holds `Package.swift`.
    private static let repository: String = {
        var folder = URL(filePath: #filePath)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
            folder.deleteLastPathComponent()
        }
        return folder.path
    }()

    @Test func theDocumentHasSentences() { #expect(Self.sentences.count > 100) }

    @Test func thereAreEnough() {
        #expect(StorageMode.broken.count >= 45)
        #expect(StorageMode.legal.count >= 12)
    }

    @Test func namesAreUniqueAndInKebabCase() throws {
        let names = StorageMode.all.map(\.name)
        #expect(Set(names).count == names.count)
        for mode in StorageMode.all {
            #expect(mode.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(mode.name)")
            #expect(StorageMode.named(mode.name)?.summary == mode.summary)
            #expect(mode.summary.hasSuffix(".") && !mode.summary.contains("\n"), "\(mode.name)")
        }
        #expect(StorageMode.named("none of them") == nil)
    }

    @Test(arguments: StorageMode.all.map(\.name)) func itsSentencesAreInTheDocument(_ name: String) throws {
        let mode = try #require(StorageMode.named(name))
        #expect(mode.isLegal ? !mode.requirements.isEmpty : mode.requirements.count == 1)
        for id in mode.requirements {
            let sentence = try #require(Self.sentences[id], "\(id) is not in docs/protocol.md")
            // What only may be done cannot be broken.
            #expect(mode.isLegal || !sentence.contains(" MAY "), "\(id)")
        }
    }

    /// Every sentence that binds a storage is broken by a mode, or it is told why none can.
    @Test func noSentenceIsForgotten() {
        let broken = Set(StorageMode.broken.flatMap(\.requirements))
        let unbroken = Set(ModeDocument.unbroken.map(\.id))
        let missing = Self.sentences.keys.filter { id in
            !broken.contains(id) && !unbroken.contains(id) && !Self.ofRequesters.contains(id)
        }
        #expect(missing.isEmpty, "\(missing.sorted())")
        #expect(broken.isDisjoint(with: unbroken) && broken.isDisjoint(with: Self.ofRequesters))
        #expect(unbroken.union(Self.ofRequesters).isSubset(of: Self.sentences.keys))
    }

    /// `UPDATE_DOCS=1` writes it anew after the list has changed.
    @Test func theDocumentOfModesSaysWhatTheListSays() throws {
        let file = Self.repository + "/docs/modes.md"
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
            try ModeDocument.text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text == ModeDocument.text, "run the test with UPDATE_DOCS=1")
    }

    /// Sentences that bind the requester alone.
    private static let ofRequesters: Set<String> = [
        "HUB-TOP-005", "HUB-REQ-001", "HUB-REQ-002", "HUB-REQ-003", "HUB-REQ-004", "HUB-REQ-005", "HUB-REQ-006",
        "HUB-REQ-007", "HUB-REQ-008", "HUB-REQ-009", "HUB-REQ-010", "HUB-REQ-020", "HUB-REQ-023", "HUB-COR-004",
        "HUB-COR-005", "HUB-COR-006", "HUB-COR-007", "HUB-EXP-001", "HUB-EXP-003", "HUB-ERR-003", "HUB-DIS-006",
        "HUB-FLT-001", "HUB-FLT-004", "HUB-FLT-005",
    ]
}
