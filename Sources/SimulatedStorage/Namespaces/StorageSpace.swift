import FaultPlan
import JSON

/// One storage among several in the same process: its state, and what goes wrong with it. What has no namespace is in
/// the default one, `""`.
final class StorageSpace: Sendable {
    /// The header, on hub messages and over HTTP, that chooses a namespace.
    static let header = "X-Sim-Namespace"

    let namespace: String
    let core: StorageCore
    let notes: StorageNotes
    let ids: SpaceIDs
    /// What of its faults goes on.
    let trouble = Trouble()
    private let namespaces: FaultNamespaces
    private let isOver = WakeUp()

    /// - Parameter seed: where the ids of images come from while no plan is armed; nil: they are random then.
    init(namespace: String, core: StorageCore, namespaces: FaultNamespaces, notesRequests: Bool, seed: UInt64?) {
        self.namespace = namespace
        self.core = core
        ids = SpaceIDs(namespace: namespace, seed: seed)
        self.namespaces = namespaces
        notes = StorageNotes(journal: namespaces.journal, namespace: namespace, isOn: notesRequests)
    }

    /// The plan that is armed here; nil: none was since the namespace began.
    var faults: ArmedFaults? { namespace.isEmpty ? namespaces.standard : namespaces.existing(namespace) }

    /// The space is taken away: whoever works for it stops, and what its faults made wait is dropped.
    func end() {
        isOver.signal()
        trouble.forget()
    }

    /// Waits until the space is taken away. Throws `CancellationError` where the task is cancelled before.
    func waitUntilEnded() async throws { try await isOver.wait(after: 0) }
}
