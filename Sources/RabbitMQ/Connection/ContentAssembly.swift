import MessageHub

/// Puts a message together from its frames on one channel (AMQP 0-9-1 §4.2.6): a method that carries content, a header
/// with the body's size, then body frames until that many bytes are there.
///
/// A body over the limit is read past and replaced by an empty one.
struct ContentAssembly {
    private enum State {
        case idle
        case awaitingHeader(ContentCarrier)
        case collecting(ContentCarrier, HubMessage, remaining: UInt64)
        case skipping(ContentCarrier, HubMessage, remaining: UInt64)
    }

    private var state = State.idle
    private let bodyBytesMax: Int

    /// A frame that does not fit to the ones before it.
    struct OutOfPlace: Error, Equatable {}

    struct Content: Equatable {
        var carrier: ContentCarrier
        var message: HubMessage
    }

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    mutating func methodReceived(_ carrier: ContentCarrier) throws(OutOfPlace) {
        guard case .idle = state else { throw OutOfPlace() }
        state = .awaitingHeader(carrier)
    }

    /// The whole message, where it has no body.
    mutating func headerReceived(_ message: HubMessage, bodyBytes: UInt64) throws(OutOfPlace) -> Content? {
        guard case .awaitingHeader(let carrier) = state else { throw OutOfPlace() }
        guard bodyBytes > 0 else {
            state = .idle
            return Content(carrier: carrier, message: message)
        }
        state =
            bodyBytes > UInt64(bodyBytesMax)
            ? .skipping(carrier, message, remaining: bodyBytes)
            : .collecting(carrier, message, remaining: bodyBytes)
        return nil
    }

    /// The whole message, where this was the last part of its body.
    mutating func bodyReceived(_ part: [UInt8]) throws(OutOfPlace) -> Content? {
        switch state {
        case .idle, .awaitingHeader:
            throw OutOfPlace()
        case .collecting(let carrier, var message, let remaining):
            guard UInt64(part.count) <= remaining else { throw OutOfPlace() }
            state = .idle
            if message.body.isEmpty {
                // One frame is the rule; it becomes the body as it is. Else room for the whole body is made once.
                message.body = part
                if UInt64(part.count) < remaining { message.body.reserveCapacity(Int(remaining)) }
            } else {
                message.body.append(contentsOf: part)
            }
            if UInt64(part.count) == remaining { return Content(carrier: carrier, message: message) }
            state = .collecting(carrier, message, remaining: remaining - UInt64(part.count))
            return nil
        case .skipping(let carrier, let message, let remaining):
            guard UInt64(part.count) <= remaining else { throw OutOfPlace() }
            guard UInt64(part.count) < remaining else {
                state = .idle
                return Content(carrier: carrier, message: message)
            }
            state = .skipping(carrier, message, remaining: remaining - UInt64(part.count))
            return nil
        }
    }
}
