/// How long to wait before the next attempt: twice as long each time, up to a bound, and never quite the same, so that
/// many clients that lost one hub do not come back in step.
///
///     var backoff = Backoff()
///     var random = SeededGenerator(seed: 1)
///     backoff.next(using: &random)   // 50 to 100 ms
///     backoff.next(using: &random)   // 100 to 200 ms
public struct Backoff: Sendable, Hashable {
    /// The first pause is at most this, in milliseconds.
    public let minimumMs: Int
    /// No pause is longer, in milliseconds.
    public let maximumMs: Int
    private var attempts = 0

    public init(minimumMs: Int = 100, maximumMs: Int = 5000) {
        precondition(minimumMs > 0 && maximumMs >= minimumMs, "Cannot wait from \(minimumMs) to \(maximumMs) ms")
        self.minimumMs = minimumMs
        self.maximumMs = maximumMs
    }

    /// The next pause: between half and the whole of what the attempt's number gives.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        var wholeMs = minimumMs
        for _ in 0..<attempts where wholeMs < maximumMs { wholeMs *= 2 }
        wholeMs = min(wholeMs, maximumMs)
        attempts = min(attempts + 1, 64)
        return .milliseconds(Int.random(in: (wholeMs / 2)...wholeMs, using: &generator))
    }

    /// Starts from the shortest pause again.
    public mutating func reset() { attempts = 0 }
}
