import Foundation
import JSON
import TestSupport
import Testing

/// A hub that stands still: its connections stay open, and nothing comes over them.
@Suite("The hub stands still")
struct HubFrozenTests {
    @Test(.timeLimit(.minutes(5)))
    func healthTellsOfItAndOfItsReturn() async throws {
        let hub = try await ProgramProcess.start("HubSimServer", ["--port", "0"])
        let environment = ["MESSAGE_HUB_URL": try hub.address("amqp")]
        let storage = try await ProgramProcess.start("StorageSimulator", ["--port", "0"], environment: environment)
        let service = try await ProgramProcess.start("ImageService", ["run", "--port", "0"], environment: environment)
        let client = ServiceClient(try service.address("http"))
        try await client.waitUntilReady()

        kill(hub.pid, SIGSTOP)
        // Not `disconnected`: no heartbeat is missed yet.
        try await wait(until: "silent", client)
        #expect(try await client.send("GET", "/health/live").status == 200)
        kill(hub.pid, SIGCONT)
        try await client.waitUntilReady()

        // Storage that is killed says nothing; what it announced last would hold for half a minute.
        storage.kill()
        try await wait(until: "connected", client) { $0["dependencies"]?["storage"] != "available" }
        #expect(try await client.send("GET", "/health/ready").status == 503)
        #expect(service.terminate() == 0)
        #expect(hub.terminate() == 0)
    }

    private func wait(
        until hub: String,
        _ client: ServiceClient,
        _ isMet: (JSONValue) -> Bool = { _ in true }
    ) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let health = try await client.send("GET", "/health").json
            if health["dependencies"]?["message_hub"]?.string == hub, isMet(health) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError("the service's health never had the hub \(hub), and what the test waits for")
    }
}
