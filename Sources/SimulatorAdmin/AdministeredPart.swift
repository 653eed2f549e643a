import FaultPlan
import JSON

/// A simulator as its administrator sees it: the hub, the storage. One admin interface may have several parts.
public protocol AdministeredPart: Sendable {
    /// Its key in `GET /_sim/state`.
    var name: String { get }
    /// The faults that it can carry out.
    var faultKinds: FaultKindSet { get }
    /// Whether its clients choose a namespace, so that plan, state and reset are each namespace's own.
    var hasNamespaces: Bool { get }

    /// What it holds at this moment.
    /// - Parameter namespace: empty for the default one.
    func state(namespace: String) async -> JSONValue

    /// Throws all state away. Its clients stay, as far as that is possible.
    /// - Parameter namespace: empty for the default one.
    func reset(namespace: String) async

    /// Waits until it is at work again after a reset of all parts, for so long as it sees fit.
    func recover() async
}

extension AdministeredPart {
    public var hasNamespaces: Bool { false }
    public func recover() async {}
}
