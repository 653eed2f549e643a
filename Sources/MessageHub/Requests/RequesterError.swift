/// Why a request got no reply of storage.
public enum RequesterError: Error, Sendable, Hashable {
    /// The deadline passed while the request was with the hub or with storage: its effect may exist.
    case timeout
    /// There was no connection within the deadline, the hub did not take the request, or no storage listens.
    case unavailable(String)
    /// Too many requests are pending.
    case overloaded
    /// A reply came that breaks the protocol. What is wrong with it, without its content.
    case invalidResponse(String)
    /// A request with this operation id is pending; the second is not carried out, so that each reply has one taker.
    case duplicateOperation
    /// The request makes no sense: an operation id that is empty or over 255 bytes.
    case invalidRequest(String)
    /// The task that asked was cancelled.
    case cancelled
}
