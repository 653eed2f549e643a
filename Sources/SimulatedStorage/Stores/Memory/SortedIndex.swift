/// Keys in order, each once, with pages at any place of it.
///
/// Kept in chunks: adding and removing move at most one chunk, and passing over `skip` keys counts chunks, not keys. A
/// page in the middle of a million keys is found in microseconds.
struct SortedIndex<Key: Comparable & Sendable>: Sendable {
    /// Keys in a chunk at most; a full one is split.
    private static var chunkMax: Int { 512 }

    // No chunk is empty.
    private var chunks: [[Key]] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var first: Key? { chunks.first?.first }

    /// Adds a key that is not there yet.
    mutating func insert(_ key: Key) {
        count += 1
        // Most keys are newer than all others.
        if let last = chunks.last?.last, last < key {
            if chunks[chunks.count - 1].count < Self.chunkMax {
                chunks[chunks.count - 1].append(key)
            } else {
                chunks.append([key])
            }
            return
        }
        let index = chunkIndex(for: key)
        guard index < chunks.count else {
            chunks.append([key])
            return
        }
        chunks[index].insert(key, at: position(of: key, inChunk: index))
        if chunks[index].count > Self.chunkMax {
            let half = chunks[index].count / 2
            chunks.insert(Array(chunks[index][half...]), at: index + 1)
            chunks[index].removeSubrange(half...)
        }
    }

    /// Takes out a key that is there.
    mutating func remove(_ key: Key) {
        let index = chunkIndex(for: key)
        precondition(index < chunks.count, "Cannot remove a key that is not in the index")
        let position = position(of: key, inChunk: index)
        precondition(
            position < chunks[index].count && chunks[index][position] == key,
            "Cannot remove a key that is not in the index"
        )
        chunks[index].remove(at: position)
        if chunks[index].isEmpty { chunks.remove(at: index) }
        count -= 1
    }

    /// At most `limit` keys after the first `skip`, in order.
    func page(skip: Int, limit: Int) -> [Key] {
        guard skip < count else { return [] }
        var left = skip
        var index = 0
        while left >= chunks[index].count {
            left -= chunks[index].count
            index += 1
        }
        var page: [Key] = []
        page.reserveCapacity(min(limit, count - skip))
        while page.count < limit, index < chunks.count {
            page += chunks[index][left...].prefix(limit - page.count)
            left = 0
            index += 1
        }
        return page
    }

    /// The first chunk whose last key is not before `key`.
    private func chunkIndex(for key: Key) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if let last = chunks[middle].last, last < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func position(of key: Key, inChunk index: Int) -> Int {
        var (low, high) = (0, chunks[index].count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[index][middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
