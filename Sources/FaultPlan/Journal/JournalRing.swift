import JSON

/// The latest entries of a journal, bounded: the oldest make room for new ones.
///
/// What an entry says is packed as JSON into blocks of memory. Kept as they come, thousands of small dictionaries, each
/// made between a simulator's other work, would hold a page of memory each long after that work is gone.
struct JournalRing: Sendable {
    /// Some entries in a row.
    private struct Block {
        /// The sequence number of its first entry.
        let first: Int
        var heads: [Head] = []
        var details: [UInt8] = []

        mutating func take(_ entry: JournalEntry) {
            details += JSONValue.object(entry.details).encoded()
            heads.append(.init(atMs: entry.atMs, event: entry.event, namespace: entry.namespace, end: details.count))
        }

        /// Whether the next entry goes into a block of its own.
        var isFull: Bool { heads.count >= JournalRing.blockEntries || details.count >= JournalRing.blockBytes }

        func entry(_ sequence: Int) -> JournalEntry {
            let index = sequence - first
            let head = heads[index]
            let start = index == 0 ? 0 : heads[index - 1].end
            return JournalEntry(
                sequence: sequence,
                atMs: head.atMs,
                event: head.event,
                namespace: head.namespace,
                details: unpacked(Array(details[start..<head.end]))
            )
        }

        private func unpacked(_ bytes: [UInt8]) -> [String: JSONValue] {
            do {
                guard case .object(let members) = try JSONValue(parsing: bytes) else {
                    preconditionFailure("Details of an entry are an object, but were kept as \(bytes)")
                }
                return members
            } catch {
                preconditionFailure("What the journal has written cannot be read again: \(error)")
            }
        }
    }

    private struct Head {
        let atMs: Int64
        let event: JournalEvent
        let namespace: String
        /// Where in the block's details this entry's end; they begin where those of the entry before end.
        let end: Int
    }

    private static let blockEntries = 256
    private static let blockBytes = 256 << 10

    private let capacity: Int
    private let bytesMax: Int
    /// All full but the last one. The first may begin before `oldest`: blocks go as a whole.
    private var blocks: [Block] = []
    /// Of the details in all blocks.
    private var bytes = 0

    /// The sequence number of the latest entry; 0 before there is one.
    private(set) var last = 0

    /// - Parameters:
    ///   - capacity: how many entries are kept; at least 1.
    ///   - bytesMax: bytes that they say, as JSON. Where there are more, fewer entries are kept, but always the latest.
    init(capacity: Int, bytesMax: Int) {
        precondition(capacity > 0, "Cannot keep a journal of \(capacity) entries")
        self.capacity = capacity
        self.bytesMax = bytesMax
    }

    /// The sequence number of the oldest entry that is kept; `last + 1` while there is none.
    var oldest: Int { max(blocks.first?.first ?? 1, last - capacity + 1) }

    /// Takes the entry that follows `last`.
    mutating func append(_ entry: JournalEntry) {
        precondition(entry.sequence == last + 1, "Entry \(entry.sequence) does not follow \(last)")
        if blocks.last?.isFull ?? true { blocks.append(Block(first: entry.sequence)) }
        bytes -= blocks[blocks.count - 1].details.count
        blocks[blocks.count - 1].take(entry)
        bytes += blocks[blocks.count - 1].details.count
        last += 1
        while blocks.count > 1, blocks[1].first <= last - capacity + 1 || bytes > bytesMax {
            bytes -= blocks.removeFirst().details.count
        }
    }

    /// The entry with this sequence number, from `oldest` to `last`.
    subscript(sequence: Int) -> JournalEntry {
        precondition(sequence >= oldest && sequence <= last, "Entry \(sequence) is not kept")
        // The last block that does not begin after it.
        var (low, high) = (0, blocks.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if blocks[middle].first <= sequence { low = middle } else { high = middle - 1 }
        }
        return blocks[low].entry(sequence)
    }
}
