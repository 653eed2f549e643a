import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: WrongOperationID", .timeLimit(.minutes(5)))
struct WrongOperationIDTests {
    @Test(arguments: ["random", "missing", "recased", "other_in_flight"])
    func theBodyNamesAnother(mode: String) async throws {
        try await FaultBench.run("create_image:wrong_operation_id:\(mode)") { bench, connection in
            connection.deliver("list_images", id: "before")
            try await connection.waitForAcknowledged()
            connection.deliver("create_image", .portrait, id: "op-a")
            try await connection.waitForAcknowledged(2)
            let reply = try #require(connection.published(to: "replies").last)
            #expect(reply.message.correlationID == "op-a")
            let id = Reply(reply.message.body).json["operation_id"]?.string
            switch mode {
            case "missing": #expect(id == nil)
            case "recased": #expect(id == "OP-A")
            case "other_in_flight": #expect(id == "before")
            default: #expect(id?.utf8.count == 36)
            }
            #expect(try await bench.images == 1)
        }
    }
}
