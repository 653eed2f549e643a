import Foundation
import Testing

@testable import SimulatedStorage

/// The list of modes, against the document that they break or keep.
@Suite struct ModeListTests {
    /// A sentence of the document, as `spec/requirements.yaml` has it.
    private struct Sentence {
        let keyword: String
        /// Whether it binds a storage, alone or beside others.
        let bindsStorage: Bool
    }

    /// Every sentence of the document by its id; that both have the same is looked at elsewhere (`make check-spec`).
    private static let sentences: [String: Sentence] = {
        guard let text = try? String(contentsOfFile: repository + "/spec/requirements.yaml", encoding: .utf8) else {
            preconditionFailure("spec/requirements.yaml cannot be read")
        }
        var sentences: [String: Sentence] = [:]
        for block in text.components(separatedBy: "\n  - id: ").dropFirst() {
            let lines = block.split(separator: "\n").map(String.init)
            func value(_ key: String) -> String {
                lines.first { $0.hasPrefix("    \(key): ") }.map { String($0.dropFirst(key.count + 6)) } ?? ""
            }
            sentences[lines[0]] = Sentence(
                keyword: value("keyword"),
                bindsStorage: value("subject") != "image_service"
            )
        }
        return sentences
    }()

    private static let document: String = {
        guard let text = try? String(contentsOfFile: repository + "/docs/protocol.md", encoding: .utf8) else {
            preconditionFailure("docs/protocol.md cannot be read")
        }
        return text
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
            let sentence = try #require(Self.sentences[id], "\(id) is no sentence")
            #expect(Self.document.contains("**\(id)**"))
            // What only may be done cannot be broken, nor what binds others.
            #expect(mode.isLegal || (sentence.keyword != "MAY" && sentence.bindsStorage), "\(id)")
        }
    }

    /// Every sentence that binds a storage is broken by a mode, or it is told why none does.
    @Test func noSentenceIsForgotten() {
        let broken = Set(StorageMode.broken.flatMap(\.requirements))
        let unbroken = Set(ModeDocument.unbroken.map(\.id))
        let ofStorage = Set(Self.sentences.filter(\.value.bindsStorage).keys)
        #expect(broken.isDisjoint(with: unbroken))
        #expect(ofStorage.subtracting(broken).subtracting(unbroken).sorted() == [])
        #expect(unbroken.subtracting(ofStorage).sorted() == [])
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
}
