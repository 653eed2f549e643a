import FaultPlan
import Synchronization

/// The storages of this process, one a namespace: parallel tests against one simulator do not disturb each other.
///
/// A namespace begins with the first request that names it, and ends with its reset.
final class StorageSpaces: Sendable {
    /// Namespaces at once, beside the default one. One more: its requests are refused.
    static let countMax = FaultNamespaces.namespacesMax

    private struct State {
        var spaces: [String: StorageSpace] = [:]
        var followers: [Int: AsyncStream<StorageSpace>.Continuation] = [:]
        var lastFollower = 0
        var instances = 0
    }

    /// The plans of all of them, and their journal.
    let faults: FaultNamespaces
    let standard: StorageSpace
    /// How the storage behaves where a mode has it otherwise; nil: without fault.
    let conduct: (any Conduct)?
    private let notesRequests: Bool
    private let seed: UInt64?
    private let makeCore: @Sendable () -> StorageCore
    private let state = Mutex(State())

    /// - Parameters:
    ///   - core: the default namespace's.
    ///   - notesRequests: whether the journal tells of requests, or only of what faults decide.
    ///   - seed: where the ids of images come from while no plan is armed; nil: they are random then.
    ///   - conduct: that of a mode.
    ///   - makeCore: makes a further namespace's, empty.
    init(
        core: StorageCore,
        faults: FaultNamespaces,
        notesRequests: Bool,
        seed: UInt64? = nil,
        conduct: (any Conduct)? = nil,
        makeCore: @escaping @Sendable () -> StorageCore
    ) {
        self.faults = faults
        self.notesRequests = notesRequests
        self.seed = seed
        self.conduct = conduct
        self.makeCore = makeCore
        standard = StorageSpace(
            namespace: "",
            core: core,
            namespaces: faults,
            notesRequests: notesRequests,
            seed: seed
        )
        faults.whenDisarmed { [weak self] namespace, end in
            guard let trouble = self?.existing(namespace)?.trouble else { return }
            switch end {
            case .disarmed: trouble.release()
            case .reset: trouble.forget()
            }
        }
    }

    /// One more instance works for all of them.
    func join() -> StorageInstance {
        state.withLock { state in
            state.instances += 1
            return StorageInstance(number: state.instances)
        }
    }

    /// The space of a namespace, which begins here if it is new. Throws where there can be none.
    func space(_ namespace: String) throws(NamespaceError) -> StorageSpace {
        if namespace.isEmpty { return standard }
        guard NamespaceError.isValid(namespace) else { throw .invalid }
        let (space, followers) = state.withLock { state -> (StorageSpace?, [AsyncStream<StorageSpace>.Continuation]) in
            if let space = state.spaces[namespace] { return (space, []) }
            guard state.spaces.count < Self.countMax else { return (nil, []) }
            let space = StorageSpace(
                namespace: namespace,
                core: makeCore(),
                namespaces: faults,
                notesRequests: notesRequests,
                seed: seed
            )
            state.spaces[namespace] = space
            return (space, Array(state.followers.values))
        }
        guard let space else { throw .tooMany }
        for follower in followers { follower.yield(space) }
        return space
    }

    /// The space of a namespace that has begun.
    func existing(_ namespace: String) -> StorageSpace? {
        namespace.isEmpty ? standard : state.withLock { $0.spaces[namespace] }
    }

    /// Ends a namespace, with all that is in it.
    func remove(_ namespace: String) {
        state.withLock { $0.spaces.removeValue(forKey: namespace) }?.end()
    }

    /// Every space beside the default one, those that are to come too. It ends with the task that reads it.
    func followed() -> AsyncStream<StorageSpace> {
        let (stream, continuation) = AsyncStream.makeStream(of: StorageSpace.self)
        state.withLock { state in
            state.lastFollower += 1
            let number = state.lastFollower
            state.followers[number] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { $0.followers[number] = nil }
            }
            for space in state.spaces.values { continuation.yield(space) }
        }
        return stream
    }

    /// The default space and all others.
    var all: [StorageSpace] { [standard] + state.withLock { $0.spaces.values.sorted { $0.namespace < $1.namespace } } }
}

/// Why a request's namespace is none.
enum NamespaceError: Error, Sendable, Hashable, CustomStringConvertible {
    case invalid
    case tooMany

    var description: String {
        switch self {
        case .invalid: "must be 1 to 100 letters, digits, '.', '_' or '-'"
        case .tooMany: "is one more than \(StorageSpaces.countMax); reset those that are not used any more"
        }
    }

    static func isValid(_ namespace: String) -> Bool {
        (1...100).contains(namespace.utf8.count)
            && namespace.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
