import HubProtocol
import ImageService
import JSON
import Synchronization
import TestSupport
import Testing

/// `/health` after storage stopped to answer over the hub, and after it came back.
@Suite(.timeLimit(.minutes(5)))
struct OperationProbeTests {
    private static let image = "/api/v2/images/\(Samples.imageID)"

    /// A storage whose hub side can be taken away.
    private final class Switch: Sendable {
        private let isOn = Mutex(true)

        func set(_ value: Bool) { isOn.withLock { $0 = value } }

        func perform(_ operation: StorageOperation) throws(StorageTrouble) -> JSONValue {
            guard isOn.withLock({ $0 }) else { throw .timedOut }
            return FakeStorage.success(operation)
        }
    }

    private static func state(_ client: ServiceClient) async throws -> String? {
        try await client.send("GET", "/health").json["dependencies"]?["storage"]?.string
    }

    @Test func aFailureLastsAsLongAsTheTrouble() async throws {
        let power = Switch()
        let storage = FakeStorage(operation: { operation, _ throws(StorageTrouble) in try power.perform(operation) })
        try await withService(storage) { (client) async throws -> Void in
            power.set(false)
            #expect(try await client.send("GET", Self.image).status == 504)
            #expect(try await Self.state(client) == "failing")
            #expect(try await client.send("GET", "/health/ready").status == 503)
            // Nobody but the health report asks storage any more, and it finds out.
            power.set(true)
            let clock = ContinuousClock()
            let end = clock.now + .seconds(20)
            while try await Self.state(client) != "available", clock.now < end {
                try await clock.sleep(for: .milliseconds(20))
            }
            #expect(try await client.send("GET", "/health/ready").status == 200)
        }
    }

    @Test func aSingleAccidentIsNoTrouble() async throws {
        let storage = FakeStorage(operation: { operation, count throws(StorageTrouble) in
            if count == 1 { throw .timedOut }
            return FakeStorage.success(operation)
        })
        try await withService(storage) { (client) async throws -> Void in
            #expect(try await client.send("GET", Self.image).status == 504)
            #expect(try await Self.state(client) == "available")
            // What clients asked for is what is counted.
            let metrics = try await client.send("GET", "/health").json["metrics"]
            #expect(metrics?["storage_operations"] == 1)
            #expect(metrics?["storage_failures"] == 1)
        }
    }

    @Test func anAnswerToAClientEndsItAtOnce() async throws {
        let power = Switch()
        let storage = FakeStorage(operation: { operation, _ throws(StorageTrouble) in try power.perform(operation) })
        try await withService(storage) { (client) async throws -> Void in
            power.set(false)
            #expect(try await client.send("GET", Self.image).status == 504)
            #expect(try await Self.state(client) == "failing")
            power.set(true)
            #expect(try await client.send("GET", Self.image).status == 200)
            #expect(try await Self.state(client) == "available")
        }
    }

    @Test func aStorageThatDoesNotFailIsAskedNothing() async throws {
        let storage = FakeStorage()
        try await withService(storage) { (client) async throws -> Void in
            for _ in 1...3 { #expect(try await Self.state(client) == "available") }
        }
        #expect(storage.operations.isEmpty)
    }
}
