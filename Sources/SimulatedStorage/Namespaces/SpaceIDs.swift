import FaultPlan
import HubProtocol
import Octets
import Synchronization

/// Where the ids of one namespace's images and events come from: with a seed the same again, without one at random.
///
/// The chances of a fault rule are drawn for the image id that a request names. So a plan strikes the same requests again
/// only where the images have the same ids again: the id of the n-th `create_image` is a function of (seed, namespace, n),
/// an event's of (seed, namespace, its operation's id). The number is given when the request is delivered, in the order of
/// the deliveries, whatever the threads do afterwards; a request that comes again keeps it.
final class SpaceIDs: Sendable {
    private struct State {
        /// Numbers that were given.
        var last = 0
        var numbers: [ExactText: Int] = [:]
        var order: [ExactText] = []
    }

    /// Requests whose number is known if they come again; the oldest half is forgotten when there are more.
    private static let numbersMax = 20_000

    private let namespace: String
    private let seed: UInt64?
    private let state = Mutex(State())

    /// - Parameter seed: holds where no plan is armed, whose own comes first; nil: then ids are random.
    init(namespace: String, seed: UInt64?) {
        self.namespace = namespace
        self.seed = seed
    }

    /// The ids of one request, which has just been delivered; nil where they are to be random.
    /// - Parameter armedSeed: of the plan that is armed.
    func ids(for request: StorageRequest, armedSeed: UInt64?) -> RequestIDs? {
        guard let seed = armedSeed ?? seed, let operation = OperationName(rawValue: request.operation),
            operation.hasEffect
        else { return nil }
        let number = operation == .createImage ? number(of: request.operationID) : 0
        return RequestIDs(space: self, seed: seed, number: number, operationID: request.operationID)
    }

    private func number(of operationID: String) -> Int {
        let key = ExactText(operationID)
        return state.withLock { state in
            if let number = state.numbers[key] { return number }
            state.last += 1
            state.numbers[key] = state.last
            state.order.append(key)
            if state.order.count > Self.numbersMax {
                for key in state.order.prefix(Self.numbersMax / 2) { state.numbers[key] = nil }
                state.order.removeFirst(Self.numbersMax / 2)
            }
            return state.last
        }
    }

    /// Numbers begin anew, for an empty store.
    func restart() { state.withLock { $0 = State() } }

    fileprivate func id(_ kind: String, _ key: String, _ nth: Int, seed: UInt64) -> String {
        let key = namespace + "\u{1F}" + key
        return IDSource.uuid(
            FaultDraw.value(seed: seed, rule: kind, key: key, nth: nth),
            FaultDraw.value(seed: ~seed, rule: kind, key: key, nth: nth)
        )
    }
}

/// The ids of one request.
struct RequestIDs: Sendable {
    fileprivate let space: SpaceIDs
    fileprivate let seed: UInt64
    /// Of the image that it creates; 0 where it creates none.
    fileprivate let number: Int
    fileprivate let operationID: String

    /// All of them from the first on: the same where a transaction is repeated.
    /// - Parameter life: the store's, where it had one before.
    func source(life: StoreLife) -> IDSource {
        let seed = seed ^ life.number
        let (images, others) = (Counter(), Counter())
        return IDSource(
            images: { space.id("image \(number)", "", images.next(), seed: seed) },
            others: { space.id("event", operationID, others.next(), seed: seed) }
        )
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }
}
