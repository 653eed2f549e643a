import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: MalformedReply", .timeLimit(.minutes(5)))
struct MalformedReplyTests {
    @Test(arguments: ["not_json", "truncated", "wrong_types", "missing_status", "empty", "invalid_utf8", "huge"])
    func theBodyIsNoReply(mode: String) async throws {
        let bytes = mode == "huge" ? ":bytes=100000" : ""
        try await FaultBench.run("create_image:malformed_reply:\(mode)\(bytes)") { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            let body = try #require(connection.published(to: "replies").last).message.body
            let json = try? JSONValue(parsing: body)
            switch mode {
            case "wrong_types":
                #expect(json?["status"] == "success" && json?["operation_id"] == "op")
                #expect(json?["data"]?["id"]?.string == nil && json?["data"]?["width"]?.integer == nil)
            case "missing_status": #expect(json?["data"] != nil && json?["status"] == nil)
            case "empty": #expect(body == [])
            case "invalid_utf8": #expect(String(validating: body, as: UTF8.self) == nil)
            case "huge": #expect(body.count == 100_000 && json?["status"] == "success")
            case "truncated": #expect(json == nil && body.first == UInt8(ascii: "{"))
            default: #expect(json == nil && !body.isEmpty)
            }
            #expect(try await bench.images == 1)
        }
    }

    /// However long it is to be, it is not whole.
    @Test(arguments: [0, 10, 1_000_000])
    func aTruncatedOneIsNeverWhole(bytes: Int) async throws {
        try await FaultBench.run("create_image:malformed_reply:truncated:bytes=\(bytes)") { _, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.waitForAcknowledged()
            let body = try #require(connection.published(to: "replies").last).message.body
            #expect(body.count <= bytes)
            #expect((try? JSONValue(parsing: body)) == nil)
        }
    }
}
