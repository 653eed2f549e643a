import ImageService
import Synchronization
import TestSupport
import Testing

/// `/health` while the connection to the hub stands and the hub does not answer.
@Suite(.timeLimit(.minutes(5)))
struct HubProbeTests {
    /// A hub that can stand still.
    private final class Hub: Sendable {
        private let isStill = Mutex(false)

        func stand(still: Bool) { isStill.withLock { $0 = still } }

        func ask() async throws -> Int? {
            if isStill.withLock({ $0 }) { try await Task.sleep(for: .seconds(3600)) }
            return 1
        }
    }

    private static func health(_ client: ServiceClient, _ wanted: String) async throws -> ServiceClient.Answer {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let answer = try await client.send("GET", "/health")
            if answer.json["dependencies"]?["message_hub"]?.string == wanted { return answer }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError("the hub never was \(wanted)")
    }

    @Test func aHubThatDoesNotAnswerIsSilentUntilItDoes() async throws {
        let hub = Hub()
        try await withService(askHub: { try await hub.ask() }) { client in
            #expect(try await Self.health(client, "connected").status == 200)
            hub.stand(still: true)
            let silent = try await Self.health(client, "silent")
            #expect(silent.status == 503)
            #expect(silent.json["status"] == "unhealthy")
            #expect(try await client.send("GET", "/health/ready").status == 503)
            #expect(try await client.send("GET", "/health/live").status == 200)
            hub.stand(still: false)
            #expect(try await Self.health(client, "connected").status == 200)
        }
    }

    /// What storage announced holds for half a minute; that nobody consumes its queue is known sooner.
    @Test func aStorageThatNobodyHearsIsNotSeen() async throws {
        try await withService(askHub: { 0 }) { client in
            let answer = try await Self.health(client, "connected")
            #expect(answer.json["dependencies"]?["storage"] == "not_seen")
            #expect(answer.json["status"] == "degraded")
            #expect(try await client.send("GET", "/health/ready").status == 503)
        }
    }
}
