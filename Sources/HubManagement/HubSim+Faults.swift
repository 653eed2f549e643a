import FaultPlan
import HubSim

/// What the hub has of faults, for the admin interface.
extension HubSim {
    /// The faults that the hub asks its plan for.
    public static let faultKinds = FaultKindSet.all(of: .hub)

    /// The plans and the journal of a process that hosts this hub; the default namespace's plan is the hub's.
    public func faultNamespaces() -> FaultNamespaces {
        FaultNamespaces(journal: journal, standard: faults, nowMs: nowMs)
    }
}
