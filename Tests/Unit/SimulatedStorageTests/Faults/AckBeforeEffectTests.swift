import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: AckBeforeEffect", .timeLimit(.minutes(5)))
struct AckBeforeEffectTests {
    @Test func theAcknowledgementComesFirst() async throws {
        try await FaultBench.run("create_image:ack_before_effect:500ms") { bench, connection in
            connection.deliver("create_image", .portrait, id: "op")
            try await connection.wait { $0.replies.count == 1 }
            let order = connection.actions.compactMap { action in
                switch action {
                case .published(let published): published.address.routingKey
                case .acknowledged: "acknowledged"
                default: nil
                }
            }
            #expect(order.filter { $0 == "acknowledged" || $0 == "replies" } == ["acknowledged", "replies"])
            #expect(bench.clock.elapsed >= .milliseconds(500))
            #expect(try await bench.images == 1)
        }
    }
}
