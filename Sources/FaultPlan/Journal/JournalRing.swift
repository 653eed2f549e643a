import JSON

/// The latest entries of a journal, bounded: the oldest make room for new ones.
///
/// What an entry says is packed as JSON into blocks of memory. Kept as they come, thousands of small dictionaries, each
/// made between a simulator's other work, would hold a page of memory each long after that work is gone.
struct JournalRing: Sendable {
    /// Some entries in a row.
    private struct Block {
        var heads: [Head] = []
        var details: [UInt8] = []

        mutating func take(_ entry: JournalEntry) {
            details += JSONValue.object(entry.details).encoded()
            heads.append(.init(atMs: entry.atMs, event: entry.event, namespace: entry.namespace, end: details.count))
        }

        func entry(at index: Int, _ sequence: Int) -> JournalEntry {
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

    private let capacity: Int
    /// All full but the last one.
    private var blocks: [Block] = []
    /// The sequence number of the first entry in the blocks. It may be older than `oldest`: blocks go as a whole.
    private var first = 1

    /// The sequence number of the latest entry; 0 before there is one.
    private(set) var last = 0

    /// - Parameter capacity: how many entries are kept; at least 1.
    init(capacity: Int) {
        precondition(capacity > 0, "Cannot keep a journal of \(capacity) entries")
        self.capacity = capacity
    }

    /// The sequence number of the oldest entry that is kept; `last + 1` while there is none.
    var oldest: Int { max(1, last - capacity + 1) }

    /// Takes the entry that follows `last`.
    mutating func append(_ entry: JournalEntry) {
        precondition(entry.sequence == last + 1, "Entry \(entry.sequence) does not follow \(last)")
        if last + 1 - first == blocks.count * Self.blockEntries { blocks.append(Block()) }
        blocks[blocks.count - 1].take(entry)
        last += 1
        if oldest - first >= Self.blockEntries {
            blocks.removeFirst()
            first += Self.blockEntries
        }
    }

    /// The entry with this sequence number, from `oldest` to `last`.
    subscript(sequence: Int) -> JournalEntry {
        precondition(sequence >= oldest && sequence <= last, "Entry \(sequence) is not kept")
        let (block, index) = (sequence - first).quotientAndRemainder(dividingBy: Self.blockEntries)
        return blocks[block].entry(at: index, sequence)
    }
}
