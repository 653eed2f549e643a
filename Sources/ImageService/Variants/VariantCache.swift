import DequeModule
import NIOCore

/// Variants that were rendered lately, up to a number of bytes. What was not asked for the longest goes first.
package struct VariantCache: Sendable {
    private struct Entry: Sendable {
        var variant: Variant
        /// When it was asked for last, in a count of all questions.
        var usedAt: UInt64
    }

    private let bytesMax: Int
    private var entries: [VariantKey: Entry] = [:]
    /// Keys in the order of their use. One that was used again later is passed over when its turn comes.
    private var uses: Deque<(key: VariantKey, usedAt: UInt64)> = []
    private var now: UInt64 = 0
    /// Bytes of all variants.
    package private(set) var usedBytes = 0

    /// - Parameter bytesMax: a variant that is larger than a quarter of it is not kept: it would drive out all others.
    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    package var count: Int { entries.count }
    /// How long the book of uses is.
    package var usesCount: Int { uses.count }

    /// The variant, if it is kept; from now on it is the last to go.
    package mutating func variant(_ key: VariantKey) -> Variant? {
        guard entries[key] != nil else { return nil }
        noteUse(of: key)
        return entries[key]?.variant
    }

    /// Keeps a variant.
    package mutating func keep(_ variant: Variant, as key: VariantKey) {
        let size = variant.bytes.readableBytes
        guard size <= bytesMax / 4 else { return }
        if let former = entries.removeValue(forKey: key) { usedBytes -= former.variant.bytes.readableBytes }
        entries[key] = Entry(variant: variant, usedAt: 0)
        usedBytes += size
        noteUse(of: key)
        while usedBytes > bytesMax, let oldest = uses.popFirst() {
            guard let entry = entries[oldest.key], entry.usedAt == oldest.usedAt else { continue }
            usedBytes -= entry.variant.bytes.readableBytes
            entries[oldest.key] = nil
        }
    }

    private mutating func noteUse(of key: VariantKey) {
        now += 1
        entries[key]?.usedAt = now
        uses.append((key, now))
        // Uses that later ones have replaced are thrown away before they outnumber the others.
        if uses.count > 64 + 2 * entries.count {
            uses = Deque(uses.filter { entries[$0.key]?.usedAt == $0.usedAt })
        }
    }
}
