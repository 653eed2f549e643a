import ServiceLifecycle
import Synchronization
import Testing

@testable import MessageHub

@Suite(.timeLimit(.minutes(5)))
struct HubLinkTests {
    /// A participant that does what the test says.
    private struct Participant: HubParticipant {
        var body: @Sendable (any HubConnection) async throws -> Void
        func run(on connection: any HubConnection) async throws { try await body(connection) }
    }

    private struct Broken: Error {}

    private let clock = TestClock()

    private func link(_ hub: ScriptedHub, _ participants: [Participant] = []) -> HubLink {
        HubLink(
            hub: hub,
            participants: participants,
            backoff: Backoff(minimumMs: 100, maximumMs: 400),
            stableAfter: .seconds(10),
            time: TimeSource(clock),
            seed: 1,
            logger: .silent
        )
    }

    /// Runs the link beside `body` and stops it by cancellation.
    private func running(_ link: HubLink, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await link.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func `connects, reconnects after a loss, and closes at the end`() async throws {
        let hub = ScriptedHub()
        let link = link(hub)
        #expect(link.state.value == HubLinkState(phase: .disconnected(nil), connectionCount: 0))
        try await running(link) {
            try await link.state.waitUntil(\.isConnected)
            let first = try await hub.connection(1)
            first.end(.closed("320 CONNECTION_FORCED - restart"))
            try await link.state.waitUntil { $0.phase == .disconnected(.closed("320 CONNECTION_FORCED - restart")) }
            #expect(first.isClosed.value)
            let pause = try await clock.advanceToNextSleeper()
            #expect((.milliseconds(50)...(.milliseconds(100))).contains(pause))
            try await link.state.waitUntil { $0.isConnected && $0.reconnectCount == 1 }
        }
        #expect(link.state.value == HubLinkState(phase: .disconnected(nil), connectionCount: 2))
        #expect(hub.connections.value.map(\.isClosed.value) == [true, true])
    }

    @Test func `pauses grow while nobody answers and start again after a stable connection`() async throws {
        let hub = ScriptedHub { attempt in
            attempt == 5 || attempt == 6 ? .success(ScriptedConnection()) : .failure(.unreachable("nobody"))
        }
        let link = link(hub)
        try await running(link) {
            for wholeMs in [100, 200, 400, 400] {
                let pause = try await clock.advanceToNextSleeper().milliseconds
                #expect((wholeMs / 2...wholeMs).contains(pause))
            }
            // Too short to be stable: the pauses go on from where they were.
            try await hub.connection(1).end()
            #expect(try await clock.advanceToNextSleeper() >= .milliseconds(200))
            let stable = try await hub.connection(2)
            try await link.state.waitUntil { $0.connectionCount == 2 }
            clock.advance(by: .seconds(10))
            stable.end()
            #expect(try await clock.advanceToNextSleeper() <= .milliseconds(100))
        }
    }

    @Test func `every participant gets every connection`() async throws {
        let hub = ScriptedHub()
        let seen = Observed<[[Int]]>([[], []])
        let participants = (0..<2).map { index in
            Participant { connection in
                seen.update { $0[index].append(hub.connections.value.count) }
                for await _ in try await connection.consume(queue: "q\(index)", prefetch: 1) {}
            }
        }
        try await running(link(hub, participants)) {
            try await seen.waitUntil { $0 == [[1], [1]] }
            try await hub.connection(1).end()
            try await clock.advanceToNextSleeper()
            try await seen.waitUntil { $0 == [[1, 2], [1, 2]] }
        }
    }

    @Test func `a participant that throws ends the connection for the others`() async throws {
        let hub = ScriptedHub()
        let failing = Observed(false)
        let wasCancelled = Observed(false)
        let participants = [
            Participant { _ in
                try await failing.waitUntil { $0 }
                throw Broken()
            },
            Participant { connection in
                for await _ in try await connection.consume(queue: "q", prefetch: 1) {}
                wasCancelled.update { $0 = Task.isCancelled }
            },
        ]
        let link = link(hub, participants)
        try await running(link) {
            let connection = try await hub.connection(1)
            try await connection.consumed.waitUntil { $0.count == 1 }
            failing.update { $0 = true }
            try await link.state.waitUntil { $0.phase == .disconnected(.closed("a participant failed: Broken()")) }
            #expect(wasCancelled.value)
            #expect(connection.isClosed.value)
        }
    }

    @Test func `a participant that returns leaves the connection`() async throws {
        let hub = ScriptedHub()
        let done = Observed(false)
        let link = link(hub, [Participant { _ in done.update { $0 = true } }])
        try await running(link) {
            try await done.waitUntil { $0 }
            let connection = try await hub.connection(1)
            connection.happen(.blocked(reason: "low on disk"))
            try await link.state.waitUntil { $0.phase == .blocked(reason: "low on disk") && $0.isConnected }
            connection.happen(.unblocked)
            try await link.state.waitUntil { $0.phase == .connected }
        }
    }

    @Test func `a graceful shutdown ends it while it waits for the next attempt`() async throws {
        let hub = ScriptedHub { _ in .failure(.unreachable("nobody")) }
        let link = link(hub)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: link, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: .silent
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await clock.sleeping.waitUntil { !$0.isEmpty }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(link.state.value.phase == .disconnected(nil))
    }

    @Test func `a graceful shutdown ends it while it is connected`() async throws {
        let hub = ScriptedHub()
        let link = link(
            hub,
            [
                Participant { connection in for await _ in try await connection.consume(queue: "q", prefetch: 1) {} }
            ]
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: link, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: .silent
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await link.state.waitUntil(\.isConnected)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(hub.connections.value.map(\.isClosed.value) == [true])
    }
}
