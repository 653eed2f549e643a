import FaultPlan
import HubProtocol
import JSON
import Logging
import MessageHub
import Testing

@testable import SimulatedStorage

/// Chances are drawn for the image that a request names: so a plan strikes the same again only where the images have the
/// same ids again.
@Suite("Ids from a seed", .timeLimit(.minutes(10)))
struct SeededIDTests {
    /// An image is made and read twenty times, a third of which fails.
    private struct Run: Equatable {
        var imageID = ""
        var codes: [String?] = []
        var eventIDs: [String] = []
        var digest = ""
    }

    private static let rules = "get_image:error:1/3"

    private func play(_ bench: FaultBench, id operationID: String = "create") async throws -> Run {
        var run = Run()
        let connection = ScriptedConnection()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: operationID)
            try await connection.waitForAcknowledged()
            let id = connection.replies[0].id
            for number in 0..<20 {
                connection.deliver("get_image", ["image_id": .string(id)], id: "get \(number)")
                try await connection.waitForAcknowledged(number + 2)
            }
            try await connection.wait { !$0.published(to: "image.created").isEmpty }
        }
        run.imageID = connection.replies[0].id
        run.codes = connection.replies.dropFirst().map(\.code)
        run.eventIDs = connection.published(to: "image.created").compactMap(\.message.messageID)
        run.digest = bench.storage.journal.digest
        return run
    }

    @Test(arguments: StoreUnderTest.allCases)
    func theSamePlanAndRequestsFailInTheSameWay(store: StoreUnderTest) async throws {
        let plan = try FaultPlan(shortForm: Self.rules, seed: 42)
        let first = try await play(FaultBench(plan: plan, store: store))
        #expect(try await play(FaultBench(plan: plan, store: store)) == first)
        #expect(Set(first.codes) == [nil, "INTERNAL_ERROR"])
        #expect(first.imageID.count == 36 && first.eventIDs.count == 1 && first.eventIDs != [first.imageID])
        let other = try await play(FaultBench(plan: FaultPlan(shortForm: Self.rules, seed: 43), store: store))
        #expect(other.imageID != first.imageID && other.eventIDs != first.eventIDs)
    }

    @Test func afterAResetTheyAreTheSameAgain() async throws {
        let plan = try FaultPlan(shortForm: Self.rules, seed: 42)
        let bench = FaultBench(plan: plan)
        let first = try await play(bench)
        bench.storage.faultNamespaces.reset("")
        try await bench.storage.reset()
        bench.storage.journal.append(.reset)
        try bench.storage.faults.arm(plan)
        #expect(try await play(bench) == first)
    }

    /// Whatever the threads do with requests that came one after the other.
    @Test func manyAtOnceGetTheirIDsInTheOrderOfTheirDelivery() async throws {
        func ids() async throws -> [String: String] {
            let bench = FaultBench(plan: try FaultPlan(shortForm: "list_images:delay", seed: 1))
            let connection = ScriptedConnection()
            try await bench.run(on: connection) { connection in
                for number in 0..<100 { connection.deliver("create_image", .portrait, id: "\(number)") }
                try await connection.waitForAcknowledged(100)
            }
            return Dictionary(
                uniqueKeysWithValues: connection.replies.map { ($0.json["operation_id"]?.string ?? "", $0.id) }
            )
        }
        let first = try await ids()
        #expect(try await ids() == first)
        #expect(Set(first.values).count == 100)
    }

    /// A request that is sent again, because its client lost patience, is the same one.
    @Test func aRequestThatComesAgainTakesNoOtherNumber() async throws {
        func last(of operations: [String]) async throws -> String {
            let bench = FaultBench(plan: try FaultPlan(shortForm: "list_images:delay", seed: 1))
            let connection = ScriptedConnection()
            try await bench.run(on: connection) { connection in
                for (index, id) in operations.enumerated() {
                    connection.deliver("create_image", .portrait, id: id)
                    try await connection.waitForAcknowledged(index + 1)
                }
            }
            return try #require(connection.replies.last?.id)
        }
        #expect(try await last(of: ["a", "a", "a", "b"]) == last(of: ["a", "b"]))
    }

    @Test func eachNamespaceHasItsOwn() async throws {
        let bench = FaultBench()
        let plan = try FaultPlan(shortForm: "list_images:delay", seed: 1)
        let names = ["", "a", "b"]
        let connection = ScriptedConnection()
        try await bench.run(on: connection) { connection in
            for name in names { try #require(bench.storage.faultNamespaces.armed(in: name)).arm(plan) }
            for name in names {
                let body = StorageRequest(operation: "create_image", operationID: "op", data: .portrait).encoded()
                var message = HubMessage(body: body, replyTo: "replies")
                if !name.isEmpty { message.headers["X-Sim-Namespace"] = .string(name) }
                connection.deliver(message)
            }
            try await connection.waitForAcknowledged(3)
        }
        #expect(Set(connection.replies.map(\.id)).count == 3)
    }

    /// Nobody asked for the same again: then nothing is, so that nothing that remembers ids takes one for another.
    @Test func withoutASeedTheyAreRandom() async throws {
        let first = try await play(FaultBench())
        #expect(try await play(FaultBench()).imageID != first.imageID)
    }

    @Test func aSeedHoldsWithoutAPlanToo() async throws {
        let first = try await play(FaultBench(seed: 5))
        #expect(try await play(FaultBench(seed: 5)).imageID == first.imageID)
        #expect(try await play(FaultBench(seed: 6)).imageID != first.imageID)
    }

    /// Two instances on one store take numbers from one counter.
    @Test func instancesNeverGiveTheSame() async throws {
        let bench = FaultBench(seed: 5)
        let second = SimulatedStorage(
            configuration: .init(instanceID: "second", version: "1"),
            beside: bench.storage,
            time: TimeSource(clock: bench.clock) { [time = bench.time] in time.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let (one, other) = (ScriptedConnection(), ScriptedConnection())
        try await bench.run(on: one) { one in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await #expect(throws: HubError.self) { try await second.responder.run(on: other) } }
                for number in 0..<50 {
                    one.deliver("create_image", .portrait, id: "one \(number)")
                    other.deliver("create_image", .portrait, id: "other \(number)")
                }
                try await one.waitForAcknowledged(50)
                try await other.waitForAcknowledged(50)
                other.endDeliveries()
                try await group.waitForAll()
            }
        }
        #expect(Set((one.replies + other.replies).map(\.id)).count == 100)
        #expect(try await bench.images == 100)
    }

    /// A store that goes on has images whose ids begin in the same way, and had others that were deleted: none comes again.
    @Test func aStoreThatGoesOnGivesNoIDTwice() async throws {
        let opened = StoreUnderTest.durable.open(limits: StorageLimits())
        var ids: [String] = []
        for start in 0..<3 {
            let bench = FaultBench(opened: opened, seed: 5)
            let connection = ScriptedConnection()
            try await bench.run(on: connection) { connection in
                connection.deliver("create_image", .portrait, id: "kept \(start)")
                connection.deliver("create_image", .portrait, id: "deleted \(start)")
                try await connection.waitForAcknowledged(2)
                let deleted = connection.replies.first {
                    $0.json["operation_id"]?.string?.hasPrefix("deleted") ?? false
                }
                connection.deliver(
                    "delete_image",
                    ["image_id": .string(try #require(deleted).id)],
                    id: "delete \(start)"
                )
                try await connection.waitForAcknowledged(3)
            }
            ids += connection.replies.prefix(2).map(\.id)
            #expect(try opened.reopen())
        }
        #expect(Set(ids).count == 6)
    }

    /// Where one has an id already that the seed would give, the next one is taken.
    @Test func anIDThatIsTakenIsPassedOver() throws {
        let ids = try #require(
            SpaceIDs(namespace: "", seed: 5).ids(
                for: StorageRequest(operation: "create_image", operationID: "a", data: .portrait),
                armedSeed: nil
            )
        )
        let life = StoreLife(isFresh: true)
        let (first, again) = (ids.source(life: life), ids.source(life: life))
        let drawn = (0..<3).map { _ in first.nextForImage() }
        #expect(Set(drawn).count == 3)
        #expect((0..<3).map { _ in again.nextForImage() } == drawn)
        #expect(first.next() == again.next())
    }
}
