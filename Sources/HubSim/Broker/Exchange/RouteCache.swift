/// The queues that routing keys led to, for as long as no binding of the vhost has changed.
struct RouteCache {
    private var queues: [String: [Queue]] = [:]
    private var generation: UInt64 = 0

    /// The queues for a key, if known in this generation.
    func queues(for key: String, generation: UInt64) -> [Queue]? {
        generation == self.generation ? queues[key] : nil
    }

    /// Learns a key; forgets everything first where the generation is another or there are too many.
    mutating func learn(_ found: [Queue], for key: String, generation: UInt64, routesMax: Int) {
        if generation != self.generation || queues.count >= routesMax {
            queues.removeAll()
            self.generation = generation
        }
        queues[key] = found
    }
}
