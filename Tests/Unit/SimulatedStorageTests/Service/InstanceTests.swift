import FaultPlan
import HubProtocol
import JSON
import Logging
import MessageHub
import Testing

@testable import SimulatedStorage

/// Two instances on one store, each on a connection of its own.
@Suite("Instances on one store", .timeLimit(.minutes(10)))
struct InstanceTests {
    private func second(beside bench: FaultBench) -> SimulatedStorage {
        SimulatedStorage(
            configuration: .init(instanceID: "second", version: "1"),
            beside: bench.storage,
            time: TimeSource(clock: bench.clock) { [time = bench.time] in time.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs both while `body` plays.
    private func run(
        _ bench: FaultBench,
        _ body: @Sendable (ScriptedConnection, ScriptedConnection, SimulatedStorage) async throws -> Void
    ) async throws {
        let other = second(beside: bench)
        let connection = ScriptedConnection()
        try await bench.run(on: ScriptedConnection()) { first in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: HubError.self) { try await other.responder.run(on: connection) }
                }
                try await body(first, connection, other)
                connection.endDeliveries()
                try await group.waitForAll()
            }
        }
    }

    @Test func whatOneDoesTheOtherShows() async throws {
        let bench = FaultBench()
        try await run(bench) { first, second, other in
            first.deliver("create_image", .portrait, id: "op")
            try await first.waitForAcknowledged()
            let id = try #require(first.replies.first?.id)
            second.deliver("get_image", ["image_id": .string(id)], id: "get")
            // The same operation again, at the other one: the same reply, and no second effect.
            second.deliver("create_image", .portrait, id: "op")
            second.deliver("create_image", .portrait.with(["name": "Another"]), id: "op")
            try await second.waitForAcknowledged(3)
            let reply = { id in second.published(to: "replies").first { $0.message.correlationID == id }?.message.body }
            #expect(reply("get").map { Reply($0).id } == id)
            let codes = second.replies.map(\.code)
            #expect(codes.filter { $0 == nil }.count == 2 && codes.contains("OPERATION_CONFLICT"))
            #expect(second.replies.filter { $0.code == nil }.allSatisfy { $0.id == id })
            #expect(try await bench.images == 1)
            #expect(other.number == 2 && bench.storage.number == 1)
        }
    }

    @Test func namespacesPlansAndJournalAreOne() async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "list_images,nth=2:error:code=STORAGE_FULL"))
        try await run(bench) { first, second, other in
            var message = HubMessage(
                body: StorageRequest(operation: "create_image", operationID: "a", data: .portrait).encoded(),
                replyTo: "replies"
            )
            message.headers["X-Sim-Namespace"] = .string("mine")
            first.deliver(message)
            try await first.waitForAcknowledged()
            message.body = StorageRequest(operation: "list_images", operationID: "b", data: [:]).encoded()
            second.deliver(message)
            try await second.waitForAcknowledged()
            #expect(second.replies.last?.data["total"] == 1)
            // What comes to one counts for both.
            first.deliver("list_images", id: "c")
            try await first.waitForAcknowledged(2)
            second.deliver("list_images", id: "d")
            try await second.waitForAcknowledged(2)
            #expect(first.replies.last?.code == nil && second.replies.last?.code == "STORAGE_FULL")
            let requests = other.journal.entries(after: 0).entries.filter { $0.event == .request }
            #expect(requests.map { $0.details["instance"] } == [nil, 2, nil, 2])
        }
    }

    /// A crash takes the instance that it strikes: its connection, its asset API, what it is doing.
    @Test(arguments: ["received", "after_effect", "before_ack"])
    func aCrashOfOneLeavesTheOtherAtWork(phase: String) async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "create_image,at=\(phase):crash:1000s:x1"))
        let other = second(beside: bench)
        let connection = ScriptedConnection()
        let struck = ScriptedConnection()
        struck.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: struck) }
        #expect(struck.acknowledged == [])
        let trouble = bench.storage.spaces.standard.trouble
        #expect(trouble.hasAssetsDown(bench.storage.instance, at: .zero))
        #expect(!trouble.hasAssetsDown(other.instance, at: .zero))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: HubError.self) { try await other.responder.run(on: connection) }
            }
            // The hub gives it to the other one, which does it, once.
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.map(\.code) == [nil])
            connection.endDeliveries()
            try await group.waitForAll()
        }
        #expect(try await bench.images == 1)
        // It had no need to wait for the one that is down.
        #expect(bench.clock.elapsed < .seconds(1000))
    }

    /// What is down by a fault is back after a reset, though nobody waits so long.
    @Test func aResetEndsAStandstill() async throws {
        let bench = FaultBench(hasRealClock: true, plan: try FaultPlan(shortForm: "create_image:crash:3600s:x1"))
        let struck = ScriptedConnection()
        struck.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: struck) }
        let again = ScriptedConnection()
        try await bench.run(on: again) { connection in
            bench.storage.faults.disarm()
            try await bench.storage.reset()
            connection.deliver("list_images", id: "list")
            try await connection.waitForAcknowledged()
            #expect(connection.replies.last?.data["total"] == 0)
        }
    }
}
