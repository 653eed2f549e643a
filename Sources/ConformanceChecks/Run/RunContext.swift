import HubProtocol
import JSON
import MessageHub
import Synchronization

/// What all checks of a run share.
final class RunContext: Sendable {
    private struct State {
        var storageURL: String?
        /// Operations that the service does not know.
        var unknownOperations: Set<String> = []
        var announcement: JSONValue?
        /// Requests without a reply, since the last one that had one.
        var unansweredInARow = 0
        var shared: [String: Task<[JSONValue], any Error>] = [:]
    }

    let surroundings: Surroundings
    let options: RunOptions
    let session: HubSession
    let ledger = Ledger()
    /// Short, and in every name that the run gives.
    let runID: String
    private let state: Mutex<State>

    init(_ surroundings: Surroundings, options: RunOptions, session: HubSession, runID: String) {
        self.surroundings = surroundings
        self.options = options
        self.session = session
        self.runID = runID
        state = Mutex(State(storageURL: surroundings.storageURL))
    }

    var time: TimeSource { surroundings.time }
    var nowMs: Int { Int(time.now() / .milliseconds(1)) }
    /// The longest that anything may take. A service that has stopped answering has had its time: as long as it answers
    /// nothing, no check waits as long again.
    var timeout: Duration {
        let isSilent = state.withLock { $0.unansweredInARow >= Limits.unansweredMax }
        return .milliseconds(isSilent ? options.timeoutMs / 5 : options.timeoutMs)
    }
    var quiet: Duration { .milliseconds(options.quietMs) }

    var storageURL: String? { state.withLock { $0.storageURL } }
    var announcement: JSONValue? { state.withLock { $0.announcement } }

    func found(reply: Bool) { state.withLock { $0.unansweredInARow = reply ? 0 : $0.unansweredInARow + 1 } }
    /// Nothing was answered from the beginning, though somebody consumes.
    func foundSilence() { state.withLock { $0.unansweredInARow = Limits.unansweredMax } }
    func found(unknownOperation name: String) { state.withLock { _ = $0.unknownOperations.insert(name) } }
    func found(announcement: JSONValue) {
        state.withLock { state in
            state.announcement = announcement
            if state.storageURL == nil, let url = announcement["url"]?.string {
                state.storageURL = url.hasSuffix("/") ? String(url.dropLast()) : url
            }
        }
    }

    /// Why a check cannot be run for want of something; `nil`: it can.
    func missing(_ capability: Capability) -> (any Error)? {
        switch capability {
        case .operation(let name):
            state.withLock { $0.unknownOperations.contains(name) }
                ? NothingToCheck(message: "the service does not know \(name)") : nil
        case .assets:
            if surroundings.transport == nil || storageURL == nil {
                Obstacle(
                    "assets.unknown-url",
                    "the base URL of the asset API is not given (--storage) and was not announced"
                )
            } else {
                nil
            }
        case .token:
            surroundings.token == nil ? NothingToCheck(message: "no token is given (--storage-token)") : nil
        case .restart:
            surroundings.restart == nil
                ? NothingToCheck(message: "no way to restart the service is given (--restart-command)") : nil
        case .littleRoom:
            surroundings.hasLittleRoom
                ? nil : NothingToCheck(message: "the service is not said to have little room (--little-room)")
        case .insideHub:
            surroundings.inside == nil
                ? NothingToCheck(message: "this can be seen only in a hub that the checker hosts (--hub-listen)") : nil
        }
    }

    /// Something that several checks stand on: made once, by the first that asks.
    func shared(_ key: String, make: @escaping @Sendable () async throws -> [JSONValue]) async throws -> [JSONValue] {
        let task = state.withLock { state in
            if let task = state.shared[key] { return task }
            // Not a child of the check that asks first: the others wait for it too.
            let task = Task { try await make() }
            state.shared[key] = task
            return task
        }
        return try await task.value
    }
}
