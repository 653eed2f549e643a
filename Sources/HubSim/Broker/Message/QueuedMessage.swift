/// A message in one queue, ready or delivered and not yet settled.
struct QueuedMessage {
    let message: Message
    /// Its place in the queue; a message that comes back takes the place that it had.
    let position: UInt64
    /// When it expires; `.never` where neither message nor queue says so.
    var expiresAt: Instant
    /// Whether it has been delivered before.
    var isRedelivered = false
    /// 0 in a queue without priorities; higher is delivered earlier.
    var priority: UInt8 = 0
    /// Whether a fault has made it out of another one.
    var isCopy = false
}
