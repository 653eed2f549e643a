/// The last so many ids that were put in; an older one is forgotten.
struct RecentIDs {
    private var ring: [String] = []
    private var next = 0
    private var ids: Set<String> = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func contains(_ id: String) -> Bool { ids.contains(id) }

    mutating func insert(_ id: String) {
        guard capacity > 0, ids.insert(id).inserted else { return }
        if ring.count < capacity {
            ring.append(id)
        } else {
            ids.remove(ring[next])
            ring[next] = id
            next = (next + 1) % capacity
        }
    }
}
