import HubProtocol
import MessageHub

/// All that is asked of storage when somebody wants to know how the service is.
package struct StorageProbes: Sendable {
    private let assets: AssetProbe
    private let assetWrites: OutcomeProbe
    private let assetReads: OutcomeProbe
    private let operations: OutcomeProbe

    /// - Parameters:
    ///   - hub: asked directly: what the service asks for itself is not counted with what clients asked for.
    ///   - makeOperationID: a new UUID each time.
    package init(
        hub: any OperationRequester,
        prober: any AssetProber,
        outcomes: StorageOutcomes,
        time: TimeSource,
        makeOperationID: @escaping @Sendable () -> String
    ) {
        let newCall = { @Sendable deadline in
            StorageCall(operationID: makeOperationID(), deadline: deadline, trace: nil)
        }
        let asking = { @Sendable (access: AssetAccess) -> OutcomeProbe.Ask in
            { deadline in
                do {
                    try await prober.probe(access, for: newCall(deadline))
                    return .answered
                } catch {
                    return .failed
                }
            }
        }
        self.assets = AssetProbe(prober: prober, time: time)
        assetWrites = OutcomeProbe(of: outcomes.assetWrites, time: time, ask: asking(.writing))
        assetReads = OutcomeProbe(of: outcomes.assetReads, time: time, ask: asking(.reading))
        operations = OutcomeProbe(of: outcomes.operations, time: time) { deadline in
            do throws(StorageTrouble) {
                _ = try await hub.perform(.listImages(ListImages(limit: 1)), for: newCall(deadline))
                return .answered
            } catch {
                return RequestOutcomes.Outcome(ofOperation: error)
            }
        }
    }

    /// Whether the asset API says that it is well. By then it is known as well whether it still fails clients.
    package func assetsAreHealthy() async -> Bool {
        async let writesSettled: Void = assetWrites.settle()
        async let readsSettled: Void = assetReads.settle()
        let isHealthy = await assets.isHealthy()
        _ = await (writesSettled, readsSettled)
        return isHealthy
    }

    /// Returns when it is known whether operations still fail. To be called while there is a hub.
    package func settleOperations() async { await operations.settle() }
}
