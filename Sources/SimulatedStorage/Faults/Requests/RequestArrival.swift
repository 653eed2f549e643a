import FaultPlan
import HubProtocol

/// A request that has come: where it belongs, and what a fault will do to it. Made in the order of the deliveries, one
/// after the other, so that what comes first counts first.
struct RequestArrival: Sendable {
    let request: ReceivedRequest
    /// The space of its namespace; failure where there can be none.
    let space: Result<StorageSpace, NamespaceError>
    /// Whether a plan is armed that could strike any request: then it is looked at wherever it gets to.
    let isWatched: Bool
    let strike: Strike<RequestEffect>?
    /// Where the ids of what it makes come from; nil: they are random.
    let ids: RequestIDs?
    /// On the clock of `TimeSource.now()`.
    let arrivedAt: Duration
    /// What its waits are ended by.
    let mark: Trouble.Mark

    /// - Parameter instance: which of the storage's instances it has come to.
    init(_ request: ReceivedRequest, in spaces: StorageSpaces, instance: StorageInstance, at now: Duration) {
        self.request = request
        arrivedAt = now
        do throws(NamespaceError) {
            let space = try spaces.space(request.namespace())
            self.space = .success(space)
            mark = space.trouble.mark
            let faults = space.faults
            let content = try? request.content.get()
            ids = content.flatMap { space.ids.ids(for: $0, armedSeed: faults?.seed) }
            isWatched = faults?.isArmed(RequestFaults.kinds) ?? false
            strike = Self.strike(request, in: space, instance: instance, faults: faults, isWatched: isWatched)
        } catch {
            space = .failure(error)
            mark = Trouble.Mark()
            isWatched = false
            strike = nil
            ids = nil
        }
    }

    private static func strike(
        _ request: ReceivedRequest,
        in space: StorageSpace,
        instance: StorageInstance,
        faults: ArmedFaults?,
        isWatched: Bool
    ) -> Strike<RequestEffect>? {
        let returned = isWatched ? space.trouble.returned(request.operationID ?? "") : .none
        let decision = space.notes.request(
            FaultSubject(request),
            operationID: request.operationID,
            instance: instance.number,
            faults: faults,
            among: isWatched ? kinds(request, in: space, returned: returned) : RequestFaults.kinds,
            of: RequestFaults.kinds
        )
        if let decision, let faults { return RequestFaults.strike(of: decision, seed: faults.plan.seed) }
        guard case .goesBack(let phase) = returned else { return nil }
        return Strike(effect: .giveBackAgain, phase: phase)
    }

    /// The kinds that find something in this request to strike.
    private static func kinds(
        _ request: ReceivedRequest,
        in space: StorageSpace,
        returned: Trouble.Return
    ) -> FaultKindSet {
        var kinds = Set(RequestFaults.types.map { $0.kind })
        let name = try? request.content.get()
        let operation = name.flatMap { OperationName(rawValue: $0.operation) }
        for kind in [FaultKind.lostWrite, .staleRead] where !(operation.map(kind.strikes) ?? false) {
            kinds.remove(kind)
        }
        if kinds.contains(.staleRead), space.trouble.past(of: request.imageID) == nil { kinds.remove(.staleRead) }
        if returned != .none || !space.trouble.canGiveBack || request.operationID == nil { kinds.remove(.redeliver) }
        return FaultKindSet(kinds)
    }
}

extension FaultSubject {
    /// A storage request, as it says itself.
    fileprivate init(_ request: ReceivedRequest) {
        self.init()
        guard case .success(let request) = request.content else { return }
        operation = request.operation
        imageID = request.data["image_id"]?.string
        name = request.data["name"]?.string
        type = request.data["type"]?.string
        theme = request.data["theme"]?.string
    }
}
