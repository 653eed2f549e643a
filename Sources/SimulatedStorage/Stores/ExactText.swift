import HubProtocol

/// A text as a key: equal only where every Unicode scalar is, ordered by its UTF-8 bytes.
///
/// Swift's own comparison is coarser (canonical equivalence); the protocol's ids and filters are exact, and a database
/// compares bytes as well.
struct ExactText: Sendable, Hashable, Comparable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

    static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    // Exactly equal texts are canonically equivalent too, so the coarser hash fits.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
