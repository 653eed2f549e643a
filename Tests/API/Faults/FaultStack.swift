import FaultPlan
import Foundation
import HubSim
import ImageService
import JSON
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage
import TestSupport

/// Hub, storage and service in this process on one patient clock: the hub without sockets, HTTP over real ones.
struct FaultStack: Sendable {
    let client: ServiceClient
    let storage: SimulatedStorage
    let hub: HubSim
    let clock: PatientClock
    private let queue: String

    /// How long one storage operation may take: no longer than the clock is turned at once.
    static let timeout = Duration.seconds(300)
    /// What the clock is turned by when a deadline is to pass.
    static let pastTimeout = Duration.seconds(301)
    /// How long a test waits for a condition on a machine that is very busy, by the machine's own clock.
    private static let patience = Duration.seconds(120)

    /// Starts a stack, runs `body` when all is well, and stops everything in order.
    static func run(
        core: (@Sendable (TimeSource) throws -> StorageCore)? = nil,
        _ body: @Sendable @escaping (FaultStack) async throws -> Void
    ) async throws {
        let clock = PatientClock()
        let time = clock.timeSource
        let hub = HubSim.withoutSocket()
        var settings = ServiceSettings()
        settings.storageTimeout = timeout
        settings.port = 0
        var configuration = SimulatedStorage.Configuration(instanceID: "storage", version: "0")
        configuration.topology = settings.topology
        let storage = SimulatedStorage(
            configuration: configuration,
            core: try core?(time),
            time: time,
            logger: .silent
        )
        let link = StorageLink(storage: storage, hub: hub.inProcess(), time: time, seed: 1, logger: .silent)
        try await running([storage.assetServer, storage.housekeeper, link]) { [settings] in
            let storageURL = try await storage.boundURL()
            let (bound, continuation) = AsyncStream.makeStream(of: String.self)
            let service = ServiceStack(
                settings: settings,
                hub: hub.inProcess(),
                hubName: "in-process",
                storageURL: storageURL,
                time: time,
                logger: .silent,
                onBound: { continuation.yield($0) }
            )
            try await service.whileOpen {
                try await running(service.services) {
                    var addresses = bound.makeAsyncIterator()
                    guard let url = await addresses.next() else { throw CancellationError() }
                    let stack = FaultStack(
                        client: ServiceClient(url),
                        storage: storage,
                        hub: hub,
                        clock: clock,
                        queue: settings.topology.queue
                    )
                    try await stack.settle()
                    try await body(stack)
                }
            }
        }
        await hub.shutdown()
    }

    /// Asks for something while a plan is armed; what the client was told, and what of the plan has not struck.
    /// - Parameters:
    ///   - needsTime: the answer comes only when the clock is turned past the deadline, once the fault has struck.
    ///   - leavesTheHub: the service finds out before the deadline that nobody consumes the queue.
    func struck<Answer: Sendable>(
        by plan: FaultPlan,
        needsTime: Bool,
        leavesTheHub: Bool = false,
        _ ask: @Sendable @escaping () async throws -> Answer
    ) async throws -> (answer: Answer, neverFired: [String]) {
        try storage.faults.arm(plan)
        defer { storage.faults.disarm() }
        let answer = try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await ask() }
            if needsTime {
                group.addTask {
                    try await hasStruck()
                    if leavesTheHub { try await letTheServiceLook() }
                    while true {
                        clock.advance(by: Self.pastTimeout)
                        // Again, should the deadline have been set only after the clock was turned.
                        try await Task.sleep(for: .seconds(2))
                    }
                }
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() { if let answer = ended { return answer } }
            throw CancellationError()
        }
        return (answer, FaultReport(rules: storage.faults.report()).neverFired)
    }

    /// Turns the clock in small steps when storage has left the hub, so that the service looks at the queue again and
    /// again, in less than a request's time.
    private func letTheServiceLook() async throws {
        let end = ContinuousClock.now + Self.patience
        while hub.snapshot().queues.first(where: { $0.name == queue })?.consumerCount != 0 {
            guard ContinuousClock.now < end else { throw ProgramError("storage never left the hub") }
            try await Task.sleep(for: .milliseconds(1))
        }
        for step in 1...30 {
            clock.advance(by: .milliseconds(1500))
            try await Task.sleep(for: .milliseconds(20 * step))
        }
    }

    /// Waits until every rule has struck.
    private func hasStruck() async throws {
        while true {
            let last = storage.journal.lastSequence
            if FaultReport(rules: storage.faults.report()).neverFired.isEmpty { return }
            await storage.journal.waitForEntry(after: last)
            try Task.checkCancellation()
        }
    }

    /// Waits until nothing is under way any more and the service says that it is well. The clock is turned meanwhile, so
    /// that whatever a fault holds back comes.
    func settle(after passing: Duration = FaultStack.pastTimeout) async throws {
        clock.advance(by: passing)
        try await wait("nothing is under way") {
            let requests = hub.snapshot().queues.first { $0.name == queue }
            guard let requests, requests.readyCount == 0, requests.unackedCount == 0, requests.consumerCount == 1
            else { return false }
            return try await storage.core.usage().pendingEvents == 0
        }
        try await wait("the service is healthy") {
            try await client.send("GET", "/health").json["status"] == "healthy"
        }
    }

    /// Waits for a condition that nobody tells of. Each look takes half a virtual second, after which the service asks the
    /// asset API anew how it is.
    func wait(_ what: String, until condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + Self.patience
        while try await !condition() {
            guard ContinuousClock.now < end else { throw ProgramError("it did not come true that \(what)") }
            clock.advance(by: .milliseconds(600))
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
