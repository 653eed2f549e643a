import MessageHub
import Synchronization

/// Gives free memory back to the system after a time of much load: the C library keeps what it has once had, and a
/// service that has decoded would hold it for ever.
///
/// Not at once, because the next request may need it again, and looking for what is free takes a few milliseconds.
package final class MemoryReturn: Sendable {
    private enum Limits {
        /// What is not worth it, in bytes.
        static let bytesMin = 16 << 20
        /// How long nothing must be held.
        static let quiet = Duration.milliseconds(500)
    }

    private struct State {
        var peakBytes = 0
        var isWaiting = false
    }

    private let state = Mutex(State())
    private let time: TimeSource
    private let giveBack: @Sendable () -> Void

    /// - Parameter giveBack: gives the system what is free.
    package init(time: TimeSource, giveBack: @escaping @Sendable () -> Void) {
        self.time = time
        self.giveBack = giveBack
    }

    /// So much is held now.
    ///
    /// - Parameter current: asked again when it was quiet for long enough.
    package func holding(_ bytes: Int, current: @escaping @Sendable () -> Int) {
        let begins = state.withLock { state in
            state.peakBytes = max(state.peakBytes, bytes)
            guard bytes == 0, state.peakBytes >= Limits.bytesMin, !state.isWaiting else { return false }
            state.isWaiting = true
            return true
        }
        guard begins else { return }
        Task {
            // Where the program ends meanwhile, its memory goes with it.
            try? await time.sleep(for: Limits.quiet)
            let isQuiet = current() == 0
            state.withLock { state in
                state.isWaiting = false
                if isQuiet { state.peakBytes = 0 }
            }
            if isQuiet { giveBack() }
        }
    }
}
