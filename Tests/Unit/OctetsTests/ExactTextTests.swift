import Testing

@testable import Octets

@Suite("Texts by their octets")
struct ExactTextTests {
    /// Different octets, though the first six pairs are the same text to Unicode.
    static let different: [(String, String)] = [
        ("\u{E9}", "e\u{301}"),
        ("K", "\u{212A}"),
        (";", "\u{37E}"),
        ("\u{340}", "\u{300}"),
        ("a\u{301}\u{323}", "a\u{323}\u{301}"),
        ("a long name that ends in \u{E9}", "a long name that ends in e\u{301}"),
        ("", "a"),
        ("a", "A"),
        ("exactly sixteen.", "exactly sixteen!"),
        ("one octet more than 16", "one octet more than 15"),
        ("the beginning", "the beginning and the end"),
    ]

    @Test(arguments: different) func areTwo(_ left: String, _ right: String) {
        #expect(!left.isExactly(right))
        #expect(ExactText(left) != ExactText(right))
        #expect(left.isExactly(before: right) != right.isExactly(before: left))
        let values: [ExactText: Int] = [ExactText(left): 1, ExactText(right): 2]
        #expect((values[left], values[right]) == (1, 2))
    }

    /// Texts of all lengths around those that Swift stores and the comparison takes as a whole.
    @Test(arguments: 0..<40) func areOne(_ length: Int) {
        let text = String(repeating: "x", count: length) + "\u{E9}"
        let same = String(decoding: Array(text.utf8), as: UTF8.self)
        let part = String(("…" + text).dropFirst())
        for other in [same, part] {
            #expect(text.isExactly(other))
            #expect(ExactText(text).hashValue == ExactText(other).hashValue)
            #expect(!text.isExactly(before: other))
        }
        for position in text.utf8.indices.prefix(length) {
            var octets = Array(text.utf8)
            octets[text.utf8.distance(from: text.startIndex, to: position)] ^= 1
            #expect(!text.isExactly(String(decoding: octets, as: UTF8.self)))
        }
    }

    @Test func orderIsThatOfOctets() {
        let sorted = ["c9", "\u{E9}", "c10", "e\u{301}", "", "K"].sorted(byOctetsOf: \.self)
        #expect(sorted.map { Array($0.utf8) } == ["", "K", "c10", "c9", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
    }

    @Test func beginnings() {
        #expect("x-\u{301}".beginsExactly(with: "x-"))
        #expect(!"e\u{301}.a".beginsExactly(with: "\u{E9}"))
        #expect("a".beginsExactly(with: ""))
        #expect(!"".beginsExactly(with: "a"))
    }

    @Test func dictionariesAreAskedWithTexts() {
        var values = Dictionary(["\u{E9}": 1])
        #expect(values["\u{E9}"] == 1)
        #expect(values["e\u{301}"] == nil)
        values["e\u{301}"] = 2
        values["\u{E9}"] = nil
        #expect(values == [ExactText("e\u{301}"): 2])
    }
}
