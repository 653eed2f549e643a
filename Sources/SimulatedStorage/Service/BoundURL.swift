import Synchronization

/// The address of a listener, for those that wait for it to be bound.
final class BoundURL: Sendable {
    private let url = Mutex<String?>(nil)
    private let wakeUp = WakeUp()

    /// The address, once there is one.
    var value: String? { url.withLock { $0 } }

    func set(_ value: String) {
        url.withLock { $0 = value }
        wakeUp.signal()
    }

    /// Waits for the address. Throws `CancellationError` where the task is cancelled.
    func get() async throws -> String {
        while true {
            let count = wakeUp.count
            if let value { return value }
            try await wakeUp.wait(after: count)
        }
    }
}
