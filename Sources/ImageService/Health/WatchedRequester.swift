import HubProtocol
import JSON
import MessageHub

/// A requester whose outcomes are watched.
package struct WatchedRequester: OperationRequester {
    private let requester: any OperationRequester
    private let outcomes: RequestOutcomes
    private let metrics: ServiceMetrics
    private let time: TimeSource

    package init(
        _ requester: any OperationRequester,
        outcomes: RequestOutcomes,
        metrics: ServiceMetrics,
        time: TimeSource
    ) {
        self.requester = requester
        self.outcomes = outcomes
        self.metrics = metrics
        self.time = time
    }

    package func perform(
        _ operation: StorageOperation,
        for call: StorageCall
    ) async throws(StorageTrouble) -> JSONValue {
        let start = time.now()
        let number = outcomes.began()
        do {
            let data = try await requester.perform(operation, for: call)
            metrics.operationEnded(operation.name, .success, after: time.now() - start)
            outcomes.ended(number, .answered)
            return data
        } catch {
            metrics.operationEnded(operation.name, ServiceMetrics.Outcome(error), after: time.now() - start)
            outcomes.ended(number, RequestOutcomes.Outcome(ofOperation: error))
            throw error
        }
    }
}
