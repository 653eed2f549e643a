/// What clients make the broker hold, in bytes as `DefinitionCost` and `Message.sizeBytes` reckon them.
///
/// Everything that comes is added where it comes and taken off where it goes, so that all of it is 0 once everything
/// that clients made is gone.
package struct MemoryLedger: Sendable, Hashable {
    /// Messages in queues, and those that were delivered and are not yet settled.
    package var messageBytes = 0
    /// Publishes that wait for `tx.commit`.
    package var transactionBytes = 0
    /// Connections, channels, consumers, exchanges, queues and bindings.
    package var definitionBytes = 0

    /// What blocks publishers when it becomes too much: consumers and commits make it less.
    package var publishedBytes: Int { messageBytes + transactionBytes }
    package var totalBytes: Int { publishedBytes + definitionBytes }
}
