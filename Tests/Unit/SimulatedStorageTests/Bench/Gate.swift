import Synchronization

@testable import SimulatedStorage

/// Holds those that come until it is opened.
final class Gate: Sendable {
    private let isOpen = Mutex(false)
    private let arrivals = Mutex(0)
    private let wakeUp = WakeUp()

    /// Waits until the gate is open, or the task is cancelled.
    func pass() async {
        arrivals.withLock { $0 += 1 }
        wakeUp.signal()
        await wait { self.isOpen.withLock { $0 } }
    }

    /// Waits until somebody has come.
    func waitForArrival(_ count: Int = 1) async {
        await wait { self.arrivals.withLock { $0 } >= count }
    }

    func open() {
        isOpen.withLock { $0 = true }
        wakeUp.signal()
    }

    private func wait(until condition: () -> Bool) async {
        while true {
            let count = wakeUp.count
            if condition() { return }
            guard (try? await wakeUp.wait(after: count)) != nil else { return }
        }
    }
}
