import HubProtocol
import ImageService
import JSON
import MessageHub
import Synchronization
import TestSupport
import Testing

/// `/health` while a client waits for an operation, long before its time is over.
@Suite(.timeLimit(.minutes(5)))
struct WaitingOperationTests {
    /// A storage on the hub that keeps its answers back for as long as the test wants.
    private final class Hub: OperationRequester {
        private struct State {
            var asked: [OperationName] = []
            var held: Set<OperationName> = []
        }

        private let state = Mutex(State())
        /// As old as the service's, but for a moment.
        private let time = TimeSource.real

        var asked: [OperationName] { state.withLock { $0.asked } }

        func hold(_ names: Set<OperationName>) { state.withLock { $0.held = names } }

        func perform(
            _ operation: StorageOperation,
            for call: StorageCall
        ) async throws(StorageTrouble) -> JSONValue {
            state.withLock { $0.asked.append(operation.name) }
            while state.withLock({ $0.held.contains(operation.name) }) {
                guard call.deadline.remaining(time) > .zero else { throw .timedOut }
                do { try await Task.sleep(for: .milliseconds(5)) } catch { throw .cancelled }
            }
            return FakeStorage.success(operation)
        }
    }

    private static func withHub(_ body: @Sendable @escaping (Hub, ServiceClient) async throws -> Void) async throws {
        var settings = ServiceSettings()
        // Longer than the test: nothing fails for want of time.
        settings.storageTimeout = .seconds(600)
        let hub = Hub()
        try await withService(hub: hub, settings: settings) { client in try await body(hub, client) }
    }

    private static func state(_ client: ServiceClient) async throws -> String? {
        try await client.send("GET", "/health").json["dependencies"]?["storage"]?.string
    }

    private static func wait(_ client: ServiceClient, until isMet: (String?) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !isMet(state(client)) {
            guard ContinuousClock.now < end else { throw ProgramError("the wanted health never came") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func aStorageThatAnswersNothingFailsUntilItDoes() async throws {
        try await Self.withHub { (hub, client) async throws -> Void in
            hub.hold([.getImage, .listImages])
            async let answer = client.send("GET", "/api/v2/images/\(Samples.imageID)")
            try await Self.wait(client) { $0 == "failing" }
            #expect(try await client.send("GET", "/health/ready").status == 503)
            #expect(hub.asked.first == .getImage)
            #expect(hub.asked.contains(.listImages))
            // The client's reply comes late, but it comes; the service's own question gets none.
            hub.hold([.listImages])
            #expect(try await answer.status == 200)
            #expect(try await Self.state(client) == "available")
            #expect(try await client.send("GET", "/health").json["metrics"]?["storage_operations"] == 1)
        }
    }

    @Test func aSlowOperationOfAStorageThatAnswersIsNoTrouble() async throws {
        try await Self.withHub { (hub, client) async throws -> Void in
            hub.hold([.getImage])
            async let answer = client.send("GET", "/api/v2/images/\(Samples.imageID)")
            try await Self.wait(client) { state in
                #expect(state == "available")
                return hub.asked.contains(.listImages)
            }
            hub.hold([])
            #expect(try await answer.status == 200)
            #expect(try await Self.state(client) == "available")
        }
    }

    @Test func nothingIsAskedWhenNobodyWaits() async throws {
        try await Self.withHub { (hub, client) async throws -> Void in
            #expect(try await client.send("GET", "/api/v2/images/\(Samples.imageID)").status == 200)
            // Nobody can be told too early here: it is only to be longer ago than a client may wait.
            try await Task.sleep(for: RequestOutcomes.Limits.patience * 1.2)
            for _ in 1...3 { #expect(try await Self.state(client) == "available") }
            #expect(hub.asked == [.getImage])
        }
    }
}
