/// One of the instances that share the storages of a process: each has a connection to the hub and an asset API of its
/// own, and what strikes one leaves the others alone.
struct StorageInstance: Sendable, Hashable {
    /// From 1, in the order in which they were made.
    let number: Int
}
