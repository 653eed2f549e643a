import MessageHub

/// The channel of one consumer. A channel of its own each, so that a consumer that the hub refuses ends nothing else.
struct ConsumerChannel {
    enum Stage: Equatable {
        case opening
        case settingPrefetch
        case starting
        case consuming
        /// The hub cancelled the consumer. Deliveries that it has made may still be acknowledged.
        case cancelled
        /// The task that wanted the consumer was cancelled before it started; the channel is being closed.
        case closing
    }

    private(set) var stage = Stage.opening
    let queue: String
    let prefetch: Int
    private let call: PendingCall
    /// What the hub may take for a close beyond the time that it had for the start, in milliseconds.
    private static let closeMs: Int64 = 10_000
    /// When the hub must have started it.
    private let startDeadlineMs: Int64
    private let subscription: HubSubscription
    private let deliveries: AsyncStream<HubDelivery>.Continuation
    private var unacknowledged = 0
    var assembly: ContentAssembly

    init(queue: String, prefetch: Int, call: PendingCall, startDeadlineMs: Int64, bodyBytesMax: Int) {
        self.queue = queue
        self.prefetch = prefetch
        self.call = call
        self.startDeadlineMs = startDeadlineMs
        // Unbounded is bound here: the hub keeps to the prefetch count, and `delivered` sees to it.
        let (stream, continuation) = AsyncStream.makeStream(of: HubDelivery.self, bufferingPolicy: .unbounded)
        subscription = HubSubscription(stream)
        deliveries = continuation
        assembly = ContentAssembly(bodyBytesMax: bodyBytesMax)
    }

    enum Step: Equatable {
        case setPrefetch
        case consume
        case close
        case none
    }

    /// When the hub must have answered; `nil` where it owes none.
    var deadlineMs: Int64? {
        switch stage {
        case .opening, .settingPrefetch, .starting: startDeadlineMs
        case .closing: startDeadlineMs + Self.closeMs
        case .consuming, .cancelled: nil
        }
    }

    /// What is to be sent next; `nil` where the reply does not belong here.
    mutating func replyReceived(_ reply: WireReply) -> Step? {
        switch (stage, reply) {
        case (.opening, .openOK):
            stage = .settingPrefetch
            return .setPrefetch
        case (.settingPrefetch, .qosOK):
            stage = .starting
            return .consume
        case (.starting, .consumeOK):
            // Deliveries that nobody waits for any more must go back to the queue at once.
            let isWanted = call.settle(.success(.subscription(subscription)))
            stage = isWanted ? .consuming : .closing
            return isWanted ? Step.none : .close
        case (.opening, _), (.settingPrefetch, _), (.starting, _), (.consuming, _), (.cancelled, _), (.closing, _):
            return nil
        }
    }

    /// Hands a delivery over. `false`: the hub has gone far beyond the prefetch count.
    mutating func delivered(_ delivery: HubDelivery) -> Bool {
        if stage == .closing { return true }
        unacknowledged += 1
        // A hub that repeats a delivery, as a faulty one may, still gets through; one without any measure does not.
        guard unacknowledged <= 2 * prefetch + 16 else { return false }
        deliveries.yield(delivery)
        return true
    }

    mutating func acknowledged() { unacknowledged = max(0, unacknowledged - 1) }

    /// The hub cancelled the consumer: no more deliveries come. Where its channel is being closed, the close-ok that is
    /// still to come ends it.
    mutating func cancelReceived() {
        if stage != .closing { stage = .cancelled }
        deliveries.finish()
    }

    /// The connection or the channel is gone.
    func end(_ error: HubError) {
        deliveries.finish()
        call.settle(.failure(error))
    }
}
