import MessageHub

extension TimeSource {
    /// Whole milliseconds since the source was made, as the journal counts.
    var nowMs: @Sendable () -> Int64 {
        { [self] in
            let (seconds, attoseconds) = now().components
            return seconds * 1000 + attoseconds / 1_000_000_000_000_000
        }
    }
}
