import Synchronization

/// Something that happens once, told from one task to another.
final class Flag: Sendable {
    private enum State {
        case lowered([CheckedContinuation<Void, Never>])
        case raised
    }

    private let state = Mutex<State>(.lowered([]))

    var isRaised: Bool {
        state.withLock { if case .raised = $0 { true } else { false } }
    }

    func raise() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            defer { state = .raised }
            if case .lowered(let waiting) = state { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until it has happened. The test's time limit bounds the wait.
    func raised() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                switch state {
                case .lowered(let waiting):
                    state = .lowered(waiting + [continuation])
                    return false
                case .raised: return true
                }
            }
            if isRaised { continuation.resume() }
        }
    }
}
