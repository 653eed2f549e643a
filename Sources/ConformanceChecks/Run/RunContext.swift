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
        /// How many announcements had come when the run first asked for one.
        var unaskedAnnouncements: Int?
        /// Requests without a reply, since the last one that had one.
        var unansweredInARow = 0
        /// Whether nobody consumed the queue when somebody looked last.
        var isGone = false
        /// Why nobody can be asked over HTTP; `nil`: it was not found out, or somebody can.
        var assetObstacle: Obstacle?
        /// Operations that were carried out early in the run, with their replies.
        var early: [(question: Question, reply: JSONValue, at: Duration)] = []
        var shared: [String: Task<[JSONValue], any Error>] = [:]
        /// By check and message: the rules that replies broke.
        var brokenRules: [String: [String: BrokenRule]] = [:]
    }

    let surroundings: Surroundings
    let options: RunOptions
    let session: HubSession
    let ledger = Ledger()
    let effects = Effects()
    let pace = Pace()
    /// Short, and in every name that the run gives.
    let runID: String
    let started: Duration
    private let state: Mutex<State>

    init(_ surroundings: Surroundings, options: RunOptions, session: HubSession, runID: String) {
        self.surroundings = surroundings
        self.options = options
        self.session = session
        self.runID = runID
        started = surroundings.time.now()
        state = Mutex(State(storageURL: surroundings.storageURL))
    }

    var time: TimeSource { surroundings.time }
    var nowMs: Int { Int(time.now() / .milliseconds(1)) }
    /// The longest that anything may take, beside what the checker itself keeps the service busy with. A service that has
    /// stopped answering has had its time: as long as it answers nothing, no check waits as long again.
    var timeout: Duration {
        isSilent ? .milliseconds(options.timeoutMs / 5) : .milliseconds(options.timeoutMs) + pace.backlog
    }
    /// Whether the latest requests were not answered.
    var isSilent: Bool { state.withLock { $0.unansweredInARow >= Limits.unansweredMax } }
    /// Whether nobody consumed the queue when somebody looked last.
    var isGone: Bool {
        get { state.withLock { $0.isGone } }
        set { state.withLock { $0.isGone = newValue } }
    }
    var quiet: Duration { .milliseconds(options.quietMs) }

    var storageURL: String? { state.withLock { $0.storageURL } }
    var announcement: JSONValue? { state.withLock { $0.announcement } }

    /// The announcements that came before the run first asked for one.
    var unaskedAnnouncements: [Received] {
        let count = state.withLock { $0.unaskedAnnouncements }
        let all = session.announcements.all()
        return Array(all.prefix(count ?? all.count))
    }
    /// An announcement is about to be asked for.
    func asking() {
        let count = session.announcements.count
        state.withLock { if $0.unaskedAnnouncements == nil { $0.unaskedAnnouncements = count } }
    }

    func found(reply: Bool) { state.withLock { $0.unansweredInARow = reply ? 0 : $0.unansweredInARow + 1 } }
    /// Nothing was answered from the beginning, though somebody consumes.
    func foundSilence() { state.withLock { $0.unansweredInARow = Limits.unansweredMax } }
    func found(unknownOperation name: String) { state.withLock { _ = $0.unknownOperations.insert(name) } }
    func knows(_ operation: String) -> Bool { state.withLock { !$0.unknownOperations.contains(operation) } }
    func found(assetObstacle obstacle: Obstacle) { state.withLock { $0.assetObstacle = obstacle } }

    /// Books an operation that was carried out, so that it can be asked again at the end. The first few are enough.
    func carriedOut(_ question: Question, _ reply: Received) {
        guard question.isOrdinary, reply.isSuccess, let json = reply.json else { return }
        state.withLock { state in
            guard state.early.count(where: { $0.question.operation == question.operation }) < Limits.earlyMax,
                !state.early.contains(where: { $0.question.operationID == question.operationID })
            else { return }
            state.early.append((question, json, reply.at))
        }
    }

    /// The operations that were carried out first, and when.
    var early: [(question: Question, reply: JSONValue, at: Duration)] { state.withLock { $0.early } }
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
                state.withLock { $0.assetObstacle }
            }
        case .token:
            surroundings.token == nil ? NothingToCheck(message: "no token is given (--storage-service-token)") : nil
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

    /// Books that a reply broke a rule; how often does not count.
    func broken(
        _ rule: ReplyRule,
        _ failure: CheckFailure,
        by asker: String,
        _ messages: () -> [Evidence]
    ) {
        let isKnown = state.withLock { state in
            guard let known = state.brokenRules[rule.check]?[failure.message] else { return false }
            return asker != rule.check || known.asker == rule.check
        }
        guard !isKnown else { return }
        let broken = BrokenRule(failure: failure, asker: asker, messages: messages())
        state.withLock { $0.brokenRules[rule.check, default: [:]][failure.message] = broken }
    }

    /// What replies of the run broke of the rule of a check; where it was several things, what the check has seen itself,
    /// else the same in every run.
    func brokenRule(of check: String) -> BrokenRule? {
        let all = state.withLock { $0.brokenRules[check].map { Array($0.values) } ?? [] }
        return all.min {
            ($0.asker == check ? 0 : 1, $0.failure.message) < ($1.asker == check ? 0 : 1, $1.failure.message)
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
