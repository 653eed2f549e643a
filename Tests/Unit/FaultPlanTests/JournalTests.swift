import JSON
import Synchronization
import Testing

@testable import FaultPlan

@Suite("The journal")
struct JournalTests {
    private static func journal(capacity: Int = 100) -> Journal { Journal(capacity: capacity) { 0 } }

    @Test func keepsTheLatestAndSaysHowManyAreGone() {
        let journal = Self.journal(capacity: 3)
        for _ in 0..<5 { journal.append(.request) }
        let page = journal.entries(after: 0)
        #expect(page.entries.map(\.sequence) == [3, 4, 5])
        #expect(page.dropped == 2)
        #expect(journal.entries(after: 1).dropped == 1)
        #expect(journal.entries(after: 2).dropped == 0)
        #expect(journal.entries(after: 5) == JournalPage(entries: [], next: 5, dropped: 0, digest: journal.digest))
    }

    @Test func whatEntriesSayComesBackAsItWas() {
        let journal = Self.journal(capacity: 300)
        func details(_ number: Int) -> [String: JSONValue] {
            [
                "seq": .integer(Int64(number)), "text": .string("a \"b\" \u{7}ü\(number)"), "list": [1.5, true, nil],
                "nested": ["": [:]],
            ]
        }
        for number in 1...1000 { journal.append(.effect, namespace: "n\(number)", details(number)) }
        let entries = journal.entries(after: 0).entries
        #expect(entries.map(\.sequence) == Array(701...1000))
        #expect(entries.map(\.namespace) == (701...1000).map { "n\($0)" })
        #expect(entries.map(\.details) == (701...1000).map(details))
    }

    /// Whatever clients send, it has a bound.
    @Test func longTextsAreCutAndARecorderHasThemWhole() {
        let journal = Self.journal()
        let recorded = Mutex<[JournalEntry]>([])
        journal.record { entry in recorded.withLock { $0.append(entry) } }
        let long = String(repeating: "ü", count: 200_000)
        journal.append(.request, ["name": .string(long), "type": "icon", "operation_id": .string("x" + long)])
        let details = journal.entries(after: 0).entries.first?.details
        #expect(details?["name"] == .string(String(repeating: "ü", count: Journal.textMax) + "…"))
        #expect(details?["type"] == "icon")
        #expect(details?["operation_id"]?.string?.unicodeScalars.count == Journal.textMax + 1)
        #expect(recorded.withLock { $0.first?.details["name"] } == .string(long))
    }

    /// A text that is just short enough stays, however many bytes it has.
    @Test func aTextOfTheMostCharactersStays() {
        let journal = Self.journal()
        let text = String(repeating: "ü", count: Journal.textMax)
        journal.append(.request, ["name": .string(text)])
        #expect(journal.entries(after: 0).entries.first?.details["name"] == .string(text))
    }

    @Test func allEntriesTogetherHaveABound() {
        let journal = Self.journal(capacity: 10_000)
        // What is nested, as a plan is, stays whole.
        let plan: JSONValue = ["rules": [.string(String(repeating: "x", count: 1 << 20))]]
        for _ in 0..<100 { journal.append(.armed, ["plan": plan]) }
        let page = journal.entries(after: 0)
        #expect(page.entries.last?.sequence == 100)
        #expect(page.entries.count >= 30 && page.entries.count <= 33)
        #expect(page.dropped == 100 - page.entries.count)
        #expect(page.entries.map(\.sequence) == Array((101 - page.entries.count)...100))
        // Small ones come after, and no more of the large ones than have room.
        for _ in 0..<1000 { journal.append(.request) }
        #expect(journal.entries(after: 0).entries.count >= 1000)
        #expect(journal.lastSequence == 1100)
    }

    @Test func givesPagesAndNamespaces() {
        let journal = Self.journal()
        for number in 0..<6 { journal.append(.request, namespace: number.isMultiple(of: 2) ? "a" : "b") }
        #expect(journal.entries(after: 0, limit: 2).next == 2)
        let page = journal.entries(after: 1, namespace: "a")
        #expect(page.entries.map(\.sequence) == [3, 5])
        #expect(page.next == 6)
    }

    @Test func anEntryEndsTheWait() async {
        let journal = Self.journal()
        async let waiting: Void = journal.waitForEntry(after: 0)
        journal.append(.request)
        await waiting
        await journal.waitForEntry(after: 0)
        #expect(journal.lastSequence == 1)
    }

    @Test func cancellingEndsTheWait() async {
        let journal = Self.journal()
        let task = Task { await journal.waitForEntry(after: 0) }
        task.cancel()
        await task.value
        #expect(journal.lastSequence == 0)
    }

    @Test func aRecorderGetsAllInOrder() {
        let journal = Self.journal()
        let recorded = Mutex<[Int]>([])
        journal.record { entry in recorded.withLock { $0.append(entry.sequence) } }
        for _ in 0..<3 { journal.append(.effect) }
        journal.record(nil)
        journal.append(.effect)
        #expect(recorded.withLock { $0 } == [1, 2, 3])
    }

    @Test func theDigestTellsDecisionsApartAndNotTheirOrder() {
        let decisions: [[String: JSONValue]] = [
            ["rule": "a", "key": "get_image", "nth": 1], ["rule": "a", "key": "get_image", "nth": 2],
            ["rule": "b", "key": "get_image", "nth": 1],
        ]
        func digest(_ decisions: [[String: JSONValue]]) -> String {
            let journal = Self.journal()
            for details in decisions {
                journal.append(.request)
                journal.append(.decision, details)
            }
            return journal.digest
        }
        #expect(digest(decisions) == digest(decisions.reversed()))
        #expect(digest(decisions) != digest(Array(decisions.dropLast())))
        #expect(digest([decisions[0], decisions[0]]) != digest([decisions[0], decisions[1]]))
        #expect(digest([]) == "0-0000000000000000")
    }

    /// After a reset the same decisions give the same digest again; other namespaces keep theirs.
    @Test func aResetBeginsTheDigestAnew() {
        let journal = Self.journal()
        func decide(_ namespace: String = "") {
            journal.append(.decision, namespace: namespace, ["rule": "a", "key": "get_image", "nth": 1])
        }
        decide()
        let first = journal.digest
        journal.append(.reset)
        #expect(journal.digest == "0-0000000000000000")
        decide()
        #expect(journal.digest == first)
        decide("mine")
        #expect(journal.digest.hasPrefix("2-"))
        journal.append(.reset, namespace: "mine")
        #expect(journal.digest == first)
        journal.append(.reset, namespace: "nobody's")
        #expect(journal.entries(after: 0).digest == first)
    }

    /// The same decisions in two namespaces give the same digest, whatever others do.
    @Test func aNamespaceHasADigestOfItsOwn() {
        let journal = Self.journal()
        func decide(_ namespace: String, _ nth: Int64) {
            journal.append(.decision, namespace: namespace, ["rule": "a", "key": "k", "nth": .integer(nth)])
        }
        decide("", 1)
        #expect(journal.digest(of: "") == journal.digest)
        decide("x", 1)
        #expect(journal.digest(of: "x") == journal.digest(of: ""))
        decide("y", 2)
        #expect(journal.digest(of: "y") != journal.digest(of: "x"))
        #expect(journal.digest.hasPrefix("3-") && journal.digest(of: "z") == "0-0000000000000000")
        #expect(journal.entries(after: 0, namespace: "y").digest == journal.digest(of: "y"))
        #expect(journal.entries(after: 0).digest == journal.digest)
        journal.append(.reset, namespace: "x")
        #expect(journal.digest(of: "x") == "0-0000000000000000")
        #expect(journal.digest.hasPrefix("2-") && journal.digest(of: "").hasPrefix("1-"))
    }

    /// A number that no entry ever had is of another start's journal: what there is of this one comes next.
    @Test func beyondItsEndItBeginsAnew() {
        let journal = Self.journal()
        #expect(!journal.entries(after: 0).isBeyondEnd)
        #expect(journal.entries(after: 1).isBeyondEnd && journal.entries(after: 1).next == 0)
        journal.append(.request)
        #expect(!journal.entries(after: 1).isBeyondEnd && journal.entries(after: 1).next == 1)
        let page = journal.entries(after: 2)
        #expect(page.isBeyondEnd && page.entries.isEmpty && page.next == 0)
        #expect(journal.entries(after: page.next).entries.count == 1)
    }

    @Test func anEntryIsOneObject() {
        let entry = JournalEntry(
            sequence: 7,
            atMs: 12,
            event: .decision,
            namespace: "n",
            details: ["rule": "r", "seq": 0]
        )
        #expect(entry.json == ["seq": 7, "at_ms": 12, "event": "decision", "namespace": "n", "rule": "r"])
    }
}
