import FaultPlan
import HubProtocol
import JSON
import Logging
import MessageHub
import ServiceLifecycleTestKit
import Testing

@testable import SimulatedStorage

/// What a fault has made up need not be waited for: an hour of waiting ends with the fault.
@Suite("Ended waits", .timeLimit(.minutes(10)))
struct EndedWaitTests {
    /// A fault that makes a request wait, and what there is of the request by then.
    struct Waiting: Sendable, CustomTestStringConvertible {
        let rule: String
        var hasEffect = false
        var hasReply = false
        var testDescription: String { rule }
    }

    /// On the connection of the default namespace or of another one.
    static let waits = [
        Waiting(rule: "create_image:delay:60m"), Waiting(rule: "create_image,at=before_effect:delay:60m"),
        Waiting(rule: "create_image,at=after_effect:delay:60m", hasEffect: true),
        Waiting(rule: "create_image,at=before_ack:delay:60m", hasEffect: true, hasReply: true),
        Waiting(rule: "create_image:stall:60m"),
        Waiting(rule: "create_image:reorder:60m", hasEffect: true),
        Waiting(rule: "create_image:late_reply:60m", hasEffect: true),
        Waiting(rule: "create_image:duplicate_reply:ms=3600000", hasEffect: true, hasReply: true),
        Waiting(rule: "create_image:ack_before_effect:60m"),
    ]

    /// In the default namespace these end the connection, and nothing waits on it.
    static let absences = [
        Waiting(rule: "create_image:crash:60m"), Waiting(rule: "create_image:disconnect:60m"),
        Waiting(rule: "create_image,at=after_effect:crash:60m", hasEffect: true),
    ]

    static let namespaces = ["", "a"]

    private func request(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        id: String,
        _ namespace: String
    ) -> HubMessage {
        let body = StorageRequest(operation: operation, operationID: id, data: data).encoded()
        var message = HubMessage(body: body, correlationID: id, replyTo: "replies")
        if !namespace.isEmpty { message.headers["X-Sim-Namespace"] = .string(namespace) }
        return message
    }

    /// Runs a storage whose one request waits for an hour.
    private func run(
        _ waiting: Waiting,
        in namespace: String,
        _ body: @Sendable (FaultBench, ScriptedConnection) async throws -> Void
    ) async throws {
        let bench = FaultBench(hasRealClock: true)
        try await bench.run(on: ScriptedConnection()) { connection in
            try #require(bench.storage.faultNamespaces.armed(in: namespace)).arm(FaultPlan(shortForm: waiting.rule))
            connection.deliver(request("create_image", .portrait, id: "op", namespace))
            try await bench.waitUntilStruck(waiting, in: namespace)
            try await body(bench, connection)
        }
    }

    private func replies(_ connection: ScriptedConnection) -> [Reply] {
        connection.replies.filter { $0.json["operation_id"] == "op" }
    }

    @Test(arguments: waits, namespaces)
    func withoutThePlanTheRequestGoesOn(waiting: Waiting, namespace: String) async throws {
        try await run(waiting, in: namespace) { bench, connection in
            bench.storage.faultNamespaces.end(namespace)
            try await connection.waitForAcknowledged()
            try await connection.wait { !replies($0).isEmpty }
            #expect(replies(connection).allSatisfy { $0.code == nil })
            #expect(try await bench.storage.state(namespace: namespace)["images"] == 1)
        }
    }

    /// It is given back, as with a connection that was lost, and answered when it comes again.
    @Test(arguments: absences)
    func withoutThePlanWhatWasGoneIsBack(waiting: Waiting) async throws {
        try await run(waiting, in: "a") { bench, connection in
            bench.storage.faultNamespaces.end("a")
            try await connection.wait { $0.actions.contains(.rejected(1, requeue: true)) }
            connection.deliver(request("create_image", .portrait, id: "op", "a"))
            try await connection.waitForAcknowledged()
            #expect(try await bench.storage.state(namespace: "a")["images"] == 1)
        }
    }

    @Test func withoutThePlanTheConnectionIsBack() async throws {
        let bench = FaultBench(hasRealClock: true, plan: try FaultPlan(shortForm: "create_image:crash:60m"))
        let struck = ScriptedConnection()
        struck.deliver("create_image", .portrait, id: "op")
        await #expect(throws: HubError.self) { try await bench.storage.responder.run(on: struck) }
        bench.storage.faults.disarm()
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
        }
    }

    /// What came before a reset has no effect after it, and nothing of it stays with the hub.
    @Test(arguments: waits, namespaces)
    func aResetDropsTheRequest(waiting: Waiting, namespace: String) async throws {
        try await expectDropped(waiting, in: namespace)
    }

    @Test(arguments: absences)
    func aResetDropsWhatWasGone(waiting: Waiting) async throws {
        try await expectDropped(waiting, in: "a")
    }

    private func expectDropped(_ waiting: Waiting, in namespace: String) async throws {
        let bench = FaultBench(hasRealClock: true)
        let connection = ScriptedConnection()
        try await bench.run(on: connection) { connection in
            try #require(bench.storage.faultNamespaces.armed(in: namespace)).arm(FaultPlan(shortForm: waiting.rule))
            connection.deliver(request("create_image", .portrait, id: "op", namespace))
            try await bench.waitUntilStruck(waiting, in: namespace)
            // As POST /_sim/reset does it.
            bench.storage.faultNamespaces.reset(namespace)
            try await bench.storage.reset(namespace: namespace)
            try await connection.wait { $0.acknowledged.contains(1) }
            connection.deliver(request("list_images", id: "list", namespace))
            try await connection.wait { $0.acknowledged.contains(2) }
            #expect(connection.replies.last?.data["total"] == 0)
        }
        // All that was under way has ended.
        #expect(replies(connection).count == (waiting.hasReply ? 1 : 0))
        #expect(!connection.actions.contains(.rejected(1, requeue: true)))
        #expect(try await bench.storage.state(namespace: namespace)["images"] == 0)
    }

    /// Storage that is asked to stop answers what it has, and stops.
    @Test(arguments: waits, namespaces)
    func aDrainWaitsForNone(waiting: Waiting, namespace: String) async throws {
        let connection = try await drain(waiting, in: namespace)
        #expect(connection.acknowledged == [1])
        #expect(!replies(connection).isEmpty)
    }

    @Test(arguments: absences)
    func aDrainGivesBackWhatWasGone(waiting: Waiting) async throws {
        let connection = try await drain(waiting, in: "a")
        #expect(connection.actions.contains(.rejected(1, requeue: true)))
    }

    private func drain(_ waiting: Waiting, in namespace: String) async throws -> ScriptedConnection {
        let bench = FaultBench(hasRealClock: true)
        let connection = ScriptedConnection()
        try #require(bench.storage.faultNamespaces.armed(in: namespace)).arm(FaultPlan(shortForm: waiting.rule))
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.storage.responder.run(on: connection) }
                connection.deliver(request("create_image", .portrait, id: "op", namespace))
                try await bench.waitUntilStruck(waiting, in: namespace)
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        return connection
    }
}

extension FaultBench {
    /// Waits until a request is struck, and has got to where it waits as far as that can be seen.
    fileprivate func waitUntilStruck(_ waiting: EndedWaitTests.Waiting, in namespace: String) async throws {
        let journal = storage.journal
        func has(_ event: JournalEvent) -> Bool {
            journal.entries(after: 0, namespace: namespace).entries.contains { $0.event == event }
        }
        var seen = 0
        while !(has(.decision) && (!waiting.hasEffect || has(.effect)) && (!waiting.hasReply || has(.reply))) {
            await journal.waitForEntry(after: seen)
            seen = journal.lastSequence
        }
    }
}

/// The same on the asset API.
@Suite("Ended waits of the asset API", .timeLimit(.minutes(10)))
struct EndedAssetWaitTests {
    static let rules = [
        "route=PUT *:http_delay:60m", "route=PUT *,at=before_reply:http_delay:60m",
        "route=PUT *:http_dribble:bytes_per_s=1",
    ]

    private func waitUntilStruck(_ storage: SimulatedStorage) async {
        var seen = 0
        while !storage.journal.entries(after: 0).entries.contains(where: { $0.event == .decision }) {
            await storage.journal.waitForEntry(after: seen)
            seen = storage.journal.lastSequence
        }
    }

    @Test(arguments: rules)
    func withoutThePlanTheRequestGoesOn(rule: String) async throws {
        try await AssetBench.run(hasRealClock: true) { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: rule))
            async let answer = bench.put([1, 2, 3])
            await waitUntilStruck(bench.storage)
            bench.storage.faults.disarm()
            let status = try await answer.status
            #expect(status == 201)
        }
    }

    @Test(arguments: rules)
    func aResetDropsTheRequest(rule: String) async throws {
        try await AssetBench.run(hasRealClock: true) { bench in
            try bench.storage.faults.arm(FaultPlan(shortForm: rule))
            let put = Task { try await bench.put([1, 2, 3]) }
            await waitUntilStruck(bench.storage)
            bench.storage.faultNamespaces.reset("")
            try await bench.storage.reset()
            // No answer, or half of one.
            await #expect(throws: (any Error).self) { try await put.value }
            if rule.contains("http_delay"), !rule.contains("before_reply") {
                let status = try await bench.get(name(of: [1, 2, 3])).status
                #expect(status == 404)
            }
        }
    }

    @Test(arguments: rules)
    func aDrainWaitsForNone(rule: String) async throws {
        try await testGracefulShutdown { trigger in
            try await AssetBench.run(hasRealClock: true, endsByItself: true) { bench in
                try bench.storage.faults.arm(FaultPlan(shortForm: rule))
                async let answer = bench.put([1, 2, 3])
                await waitUntilStruck(bench.storage)
                trigger.triggerGracefulShutdown()
                let status = try await answer.status
                #expect(status == 201)
            }
        }
    }
}
