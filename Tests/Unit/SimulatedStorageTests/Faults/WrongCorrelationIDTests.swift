import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: WrongCorrelationID", .timeLimit(.minutes(5)))
struct WrongCorrelationIDTests {
    @Test(arguments: ["random", "missing", "recased", "other_in_flight"])
    func theMessageNamesAnother(mode: String) async throws {
        try await FaultBench.run("create_image:wrong_correlation_id:\(mode)") { bench, connection in
            connection.deliver("list_images", id: "before")
            try await connection.waitForAcknowledged()
            connection.deliver("create_image", .portrait, id: "op-a")
            try await connection.waitForAcknowledged(2)
            let reply = try #require(connection.published(to: "replies").last)
            #expect(Reply(reply.message.body).json["operation_id"] == "op-a")
            let id = reply.message.correlationID
            switch mode {
            case "missing": #expect(id == nil)
            case "recased": #expect(id == "OP-A")
            case "other_in_flight": #expect(id == "before")
            default: #expect(id?.utf8.count == 36)
            }
        }
    }
}
