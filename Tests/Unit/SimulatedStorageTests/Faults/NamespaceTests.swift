import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Namespaces", .timeLimit(.minutes(5)))
struct NamespaceTests {
    private func deliver(
        _ connection: ScriptedConnection,
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        id: String,
        namespace: String?
    ) {
        let body = StorageRequest(operation: operation, operationID: id, data: data).encoded()
        var message = HubMessage(body: body, correlationID: id, replyTo: "replies")
        if let namespace { message.headers["X-Sim-Namespace"] = .string(namespace) }
        connection.deliver(message)
    }

    private func reply(_ connection: ScriptedConnection, to id: String) -> ScriptedConnection.Published? {
        connection.published(to: "replies").last { $0.message.correlationID == id }
    }

    @Test func stateCountersAndPlansAreApart() async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "list_images:drop_reply"))
        try await bench.run(on: ScriptedConnection()) { connection in
            let other = try #require(bench.storage.faultNamespaces.armed(in: "a"))
            try other.arm(FaultPlan(shortForm: "create_image,nth=2:error:code=STORAGE_FULL"))
            // The same operation id in each is nobody else's.
            for namespace in [nil, "a", "b"] {
                deliver(connection, "create_image", .portrait, id: "1", namespace: namespace)
            }
            try await connection.waitForAcknowledged(3)
            deliver(connection, "create_image", .portrait, id: "2", namespace: "a")
            deliver(connection, "list_images", id: "3", namespace: "b")
            try await connection.waitForAcknowledged(5)
            #expect(reply(connection, to: "2").map { Reply($0.message.body).code } == "STORAGE_FULL")
            let list = try #require(reply(connection, to: "3"))
            #expect(Reply(list.message.body).data["total"] == 1)
            #expect(list.message.headers["X-Sim-Namespace"] == .string("b"))
            // Events of each carry its name.
            try await connection.wait { $0.published(to: "image.created").count == 3 }
            let names = connection.published(to: "image.created").map { $0.message.headers["X-Sim-Namespace"]?.string }
            #expect(Set(names) == [nil, "a", "b"])
            #expect(try await bench.storage.state(namespace: "a")["images"] == 1)
            // A reset ends one of them and leaves the others.
            try await bench.storage.reset(namespace: "a")
            #expect(try await bench.storage.state(namespace: "a")["images"] == 0)
            #expect(try await bench.storage.state(namespace: "b")["images"] == 1)
            #expect(try await bench.images == 1)
            #expect(bench.storage.journal.entries(after: 0, namespace: "b").entries.allSatisfy { $0.namespace == "b" })
        }
    }

    @Test func aCrashInOneLeavesTheOthersTheirConnection() async throws {
        let bench = FaultBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            let other = try #require(bench.storage.faultNamespaces.armed(in: "a"))
            try other.arm(FaultPlan(shortForm: "create_image,at=after_effect:crash:3s:x1"))
            deliver(connection, "create_image", .portrait, id: "1", namespace: "a")
            try await connection.wait { $0.actions.contains(.rejected(1, requeue: true)) }
            #expect(bench.clock.elapsed >= .seconds(3))
            deliver(connection, "create_image", .portrait, id: "2", namespace: nil)
            deliver(connection, "create_image", .portrait, id: "1", namespace: "a")
            try await connection.waitForAcknowledged(2)
            #expect(bench.storage.responder.isConsuming)
            #expect(try await bench.storage.state(namespace: "a")["images"] == 1)
        }
    }

    @Test func assetsAreApartToo() async throws {
        try await AssetBench.run { bench in
            let name = name(of: [1, 2, 3])
            let path = "/api/v2/assets/\(name)"
            let header = [("X-Sim-Namespace", "a")]
            let put = try await bench.send("PUT", path, headers: header, body: .bytes([1, 2, 3]))
            #expect(put.status == 201)
            #expect(try await bench.get(name, headers: header).status == 200)
            #expect(try await bench.get(name).status == 404)
        }
    }

    @Test(arguments: ["with space", "ümlaut", String(repeating: "x", count: 101)])
    func whatIsNoNameIsRefused(name: String) async throws {
        let bench = FaultBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            deliver(connection, "list_images", id: "1", namespace: name)
            try await connection.waitForAcknowledged()
            #expect(reply(connection, to: "1").map { Reply($0.message.body).code } == "VALIDATION_ERROR")
        }
    }

    /// Whoever sends the header means some namespace: the default one is not disturbed.
    @Test(arguments: [.string(""), .integer(7), .bool(true), nil] as [HubHeaderValue?])
    func aHeaderThatNamesNothingIsRefused(value: HubHeaderValue?) async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "*:drop_reply"))
        try await bench.run(on: ScriptedConnection()) { connection in
            let body = StorageRequest(operation: "create_image", operationID: "1", data: .portrait).encoded()
            var message = HubMessage(body: body, correlationID: "1", replyTo: "replies")
            // Nil: of a kind that is not carried, such as a table.
            if let value {
                message.headers["X-Sim-Namespace"] = value
            } else {
                message.otherHeaders = ["X-Sim-Namespace"]
            }
            connection.deliver(message)
            try await connection.waitForAcknowledged()
            let reply = reply(connection, to: "1").map { Reply($0.message.body) }
            #expect(reply?.code == "VALIDATION_ERROR")
            #expect(reply?.json["error"]?["message"]?.string?.contains("X-Sim-Namespace must be") == true)
        }
        #expect(try await bench.images == 0)
    }

    @Test func anEmptyHeaderOfAnAssetRequestIsRefused() async throws {
        try await AssetBench.run { bench in
            let path = "/api/v2/assets/\(name(of: [1, 2, 3]))"
            let put = try await bench.send("PUT", path, headers: [("X-Sim-Namespace", "")], body: .bytes([1, 2, 3]))
            #expect(put.status == 422 && put.code == "VALIDATION_ERROR")
            #expect(try await bench.get(name(of: [1, 2, 3])).status == 404)
        }
    }

    @Test func thereIsABoundAndAResetMakesRoom() throws {
        let spaces = FaultBench().storage.spaces
        for number in 0..<StorageSpaces.countMax { _ = try spaces.space("n\(number)") }
        #expect(throws: NamespaceError.tooMany) { try spaces.space("one-more") }
        #expect(throws: Never.self) { try spaces.space("n7") }
        spaces.remove("n7")
        #expect(throws: Never.self) { try spaces.space("one-more") }
    }
}
