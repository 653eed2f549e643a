import HubProtocol

/// Why storage did not do what it was asked, whichever of its two sides was asked. What it says is for the log: of it,
/// only codes of storage's own protocol reach a client.
package enum StorageTrouble: Error, Sendable, Hashable {
    /// Storage read the request and said no, with a code of its protocol.
    case rejected(code: String, message: String)
    /// What came back is not what the protocol says.
    case invalidResponse(String)
    /// Nobody there: no hub, no consumer on the queue, no asset server.
    case unavailable(String)
    /// No answer in time. The effect may exist.
    case timedOut
    /// Too many requests to storage are under way; this one was not sent.
    case overloaded
    /// The task that asked was cancelled, because its client went away or the program stops.
    case cancelled

    package static func rejected(_ failure: StorageFailure) -> StorageTrouble {
        .rejected(code: failure.code, message: failure.message)
    }

    /// The code, where storage said no with one that this protocol knows.
    package var knownCode: StorageErrorCode? {
        guard case .rejected(let code, _) = self else { return nil }
        return StorageErrorCode(rawValue: code)
    }
}

/// A trouble with the operation that met it.
package struct StorageFault: Error, Sendable, Hashable {
    package var trouble: StorageTrouble
    package var operationID: String

    package init(_ trouble: StorageTrouble, operationID: String) {
        self.trouble = trouble
        self.operationID = operationID
    }
}
