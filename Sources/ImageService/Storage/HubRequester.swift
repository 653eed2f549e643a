import HubProtocol
import JSON
import MessageHub

/// The hub side of storage, through the correlating requester.
package struct HubRequester: OperationRequester {
    private let requester: Requester
    private let time: TimeSource

    package init(_ requester: Requester, time: TimeSource) {
        self.requester = requester
        self.time = time
    }

    package func perform(
        _ operation: StorageOperation,
        for call: StorageCall
    ) async throws(StorageTrouble) -> JSONValue {
        let outcome: StorageReply.Outcome
        do {
            outcome = try await requester.request(
                operation,
                operationID: call.operationID,
                timeout: call.deadline.remaining(time),
                traceparent: call.trace?.traceparent,
                tracestate: call.trace?.tracestate
            )
        } catch {
            throw HubRequester.trouble(of: error)
        }
        switch outcome {
        case .success(let data): return data
        case .failure(let failure): throw .rejected(failure)
        }
    }

    private static func trouble(of error: RequesterError) -> StorageTrouble {
        switch error {
        case .timeout: .timedOut
        case .unavailable(let why): .unavailable(why)
        case .overloaded: .overloaded
        case .invalidResponse(let what): .invalidResponse(what)
        case .cancelled: .cancelled
        // Operation ids are fresh UUIDs, so neither comes of a request; a hub that refuses our names is not usable.
        case .duplicateOperation: .unavailable("the operation id is in use")
        case .invalidRequest(let why): .unavailable(why)
        }
    }
}
