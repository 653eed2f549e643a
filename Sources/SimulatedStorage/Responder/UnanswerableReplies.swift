import Octets
import Synchronization

/// Requests whose reply the hub refused by ending the connection. Answering one again would end the next connection as
/// well, and so for ever; so the next time they are acknowledged without a reply.
final class UnanswerableReplies: Sendable {
    private struct Request: Hashable {
        let operationID: ExactText
        let replyTo: ExactText
    }

    private struct State {
        var requests: Set<Request> = []
        var order: [Request] = []
    }

    /// The oldest is forgotten when there are more.
    private static let countMax = 1000
    private let state = Mutex(State())

    func insert(_ request: ReceivedRequest) {
        let key = Self.key(of: request)
        state.withLock { state in
            guard state.requests.insert(key).inserted else { return }
            state.order.append(key)
            if state.order.count > Self.countMax { state.requests.remove(state.order.removeFirst()) }
        }
    }

    func contains(_ request: ReceivedRequest) -> Bool {
        state.withLock { $0.requests.contains(Self.key(of: request)) }
    }

    private static func key(of request: ReceivedRequest) -> Request {
        Request(
            operationID: ExactText(request.operationID ?? ""),
            replyTo: ExactText(request.delivery.message.replyTo ?? "")
        )
    }
}
