import FaultPlan
import HubSim

/// What the hub has of faults. It asks no plan yet: the journal tells what the admin interface does, and a plan with a
/// hub's rule is refused, for nobody would carry it out.
extension HubSim {
    /// The faults that the hub asks its plan for.
    public static let faultKinds: FaultKindSet = []

    /// The plans and the journal of a process that hosts this hub.
    public func faultNamespaces() -> FaultNamespaces {
        let start = ContinuousClock.now
        let nowMs: @Sendable () -> Int64 = { Int64((ContinuousClock.now - start) / .milliseconds(1)) }
        return FaultNamespaces(journal: Journal(nowMs: nowMs), nowMs: nowMs)
    }
}
