import HubProtocol
import ImageService
import TestSupport
import Testing

@Suite struct HealthAPITests {
    @Test func aWholeStackIsHealthy() async throws {
        try await Stack.run { stack in
            // On a machine that is busy enough, hub or storage need not answer within the second that they have.
            let health = try await stack.waitUntilHealth { $0.json["status"] == "healthy" }
            #expect(health.status == 200)
            #expect(health.json["dependencies"] == ["message_hub": "connected", "storage": "available"])
            #expect(try await stack.client.send("GET", "/health/live").status == 200)
            try await stack.waitUntilHealth("HEAD", "/health/ready") { $0.status == 200 }
        }
    }

    @Test func withoutStorageItIsDegraded() async throws {
        try await Stack.run(storage: .assetsOnly) { stack in
            let health = try await stack.waitUntilHealth { $0.json["status"] == "degraded" }
            #expect(health.status == 200)
            #expect(try await stack.client.send("GET", "/health/ready").status == 503)
            #expect(try await stack.client.send("GET", "/health/live").status == 200)
        }
    }

    /// Another program's hub is not ours to stop.
    @Test(.enabled(if: Stack.ownsItsHub))
    func withoutAHubItIsUnhealthyAndAnswersAllTheSame() async throws {
        var settings = ServiceSettings()
        settings.storageTimeout = .milliseconds(300)
        try await Stack.run(settings) { stack in
            let hub = try #require(stack.hubSim)
            await hub.shutdown()
            try await stack.waitUntilHealth { $0.status == 503 && $0.json["status"] == "unhealthy" }
            #expect(try await stack.client.send("GET", "/health/ready").status == 503)
            #expect(try await stack.client.send("GET", "/health/live").status == 200)
            let answer = try await stack.client.send("GET", "/api/v2/images/")
            #expect(answer.status == 503)
            #expect(answer.json["error"]?["details"]?["reason"] == "unavailable")
            #expect(answer.headers["retry-after"] != nil)
        }
    }
}
