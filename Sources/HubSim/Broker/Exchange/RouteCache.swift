import Octets

/// The queues that routing keys led to, for as long as no binding of the vhost has changed.
struct RouteCache {
    private var queues: [ExactText: [Queue]] = [:]
    private var generation: UInt64 = 0
    /// How many routes and queues at their ends it remembers.
    private(set) var size = 0

    /// The queues for a key, if known in this generation.
    func queues(for key: String, generation: UInt64) -> [Queue]? {
        generation == self.generation ? queues[key] : nil
    }

    /// Learns a key; forgets everything first where the generation is another or there are too many. What leads to so
    /// many queues that it would push out all others is not learned.
    mutating func learn(_ found: [Queue], for key: String, generation: UInt64, routesMax: Int) {
        guard found.count < routesMax else { return }
        if generation != self.generation || size + 1 + found.count > routesMax {
            queues.removeAll()
            size = 0
            self.generation = generation
        }
        queues[key] = found
        size += 1 + found.count
    }
}
