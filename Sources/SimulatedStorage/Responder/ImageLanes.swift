import Octets
import Synchronization

/// Keeps requests about the same image in the order of their delivery, while different images go side by side.
///
/// A request gets its turn when it is delivered and waits for the turn before it, of the same image, to be over.
final class ImageLanes: Sendable {
    /// One request's turn.
    final class Turn: Sendable {
        fileprivate struct State {
            /// Let go of once its end was waited for, so that turns do not hold one another for ever.
            var previous: Turn?
            var isOver = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        fileprivate let key: ExactText?
        fileprivate let state: Mutex<State>

        fileprivate init(key: ExactText?, previous: Turn?) {
            self.key = key
            state = Mutex(State(previous: previous))
        }

        fileprivate func waitUntilOver() async {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiting.append(continuation) }
                    return state.isOver
                }
                if isOver { continuation.resume() }
            }
        }
    }

    private let last = Mutex<[ExactText: Turn]>([:])

    /// Images that requests are under way about.
    var count: Int { last.withLock(\.count) }

    /// The turn after all that were given for this image; without an image, one that waits for nobody.
    func turn(forImage id: String?) -> Turn {
        guard let key = id.map(ExactText.init) else { return Turn(key: nil, previous: nil) }
        return last.withLock { last in
            let turn = Turn(key: key, previous: last[key])
            last[key] = turn
            return turn
        }
    }

    /// Runs `body` when the turn has come, and ends the turn. It must be called once for every turn.
    func take<Result>(_ turn: Turn, _ body: () async -> Result) async -> Result {
        // Not cut short by cancellation: the turns before this one end by themselves, and soon, when they are cancelled.
        await turn.state.withLock { $0.previous.take() }?.waitUntilOver()
        let result = await body()
        if let key = turn.key {
            last.withLock { last in
                if last[key] === turn { last[key] = nil }
            }
        }
        let waiting = turn.state.withLock { state in
            precondition(!state.isOver, "Cannot end a turn twice")
            state.isOver = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
        return result
    }
}
