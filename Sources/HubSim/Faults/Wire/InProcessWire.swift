import DequeModule

/// What faults of the wire come to where there is none: latency and a half-open connection hold back what the hub says,
/// a reset ends the connection, everything about bytes means nothing.
struct InProcessWire {
    enum Arrival {
        case now
        case later(Instant)
        case never
        case reset
    }

    private var latency: (ms: Int, generation: UInt64)?
    private var stalledUntil = Instant.start
    /// Bounded by what it holds back: the broker hands out no more before `tellWhenDrained` has come through, and the
    /// client has no more publishes under way than it may.
    private var waiting = Deque<(due: Instant, directive: Directive)>()

    /// Keeps a directive that does not arrive now.
    mutating func take(_ directive: Directive, at now: Instant, generation: UInt64) -> Arrival {
        if case .strike(_, let fault) = directive {
            switch fault {
            case .latency(let ms): latency = (ms, generation)
            case .halfOpen(let ms): stalledUntil = ms.map { now.adding(milliseconds: Int64($0)) } ?? .never
            case .reset, .truncate: return .reset
            case .bandwidth, .slices, .corrupt, .heartbeatsUnsent, .heartbeatsUnheard: break
            }
            return .now
        }
        // The end of the connection is this side's own to notice.
        if stalledUntil == .never { return directive.isCloseOfConnection ? .now : .never }
        if let latency, latency.generation != generation { self.latency = nil }
        var due = max(now, stalledUntil, waiting.last?.due ?? .start)
        if let latency { due = max(due, now.adding(milliseconds: Int64(latency.ms))) }
        guard due > now || !waiting.isEmpty else { return .now }
        waiting.append((due, directive))
        return .later(due)
    }

    mutating func takeDue(at now: Instant) -> [Directive] {
        var due: [Directive] = []
        while let first = waiting.first, first.due <= now {
            due.append(first.directive)
            waiting.removeFirst()
        }
        return due
    }
}
