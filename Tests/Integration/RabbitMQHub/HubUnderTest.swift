import FoundationEssentials
import MessageHub
import Testing

/// The hub that these tests run against: `TEST_HUB_URL`, an AMQP URI. Without it they do not run.
func hubURL() -> String? {
    ProcessInfo.processInfo.environment["TEST_HUB_URL"].flatMap { $0.isEmpty ? nil : $0 }
}

/// A client of the hub under test, its options changed by `change`.
func hubUnderTest(_ change: (inout RabbitMQOptions) -> Void = { _ in }) throws -> RabbitMQHub {
    let text = try #require(hubURL())
    var options = RabbitMQOptions(connectionName: "integration tests")
    change(&options)
    return RabbitMQHub(try HubURL(text), options)
}

/// Runs `body` on a connection of its own and closes it.
func withConnection<Result>(
    _ hub: any MessageHub,
    _ body: (any HubConnection) async throws -> Result
) async throws -> Result {
    let connection = try await hub.connect()
    do {
        let result = try await body(connection)
        await connection.close()
        return result
    } catch {
        await connection.close()
        throw error
    }
}

/// A name that no other test uses.
func uniqueName(_ stem: String) -> String { "\(stem)-\(UUID().uuidString)" }

/// A queue that goes with the connection, fresh and empty.
func freshQueue(_ connection: any HubConnection) async throws -> String {
    try await connection.declareQueue(.exclusive).name
}

/// What a call throws; `nil` where it throws nothing.
func errorOf(_ call: () async throws -> Void) async -> HubError? {
    do {
        try await call()
        return nil
    } catch let error as HubError {
        return error
    } catch {
        Issue.record("expected a HubError: \(error)")
        return nil
    }
}

extension HubError {
    /// AMQP's code of a refusal or return.
    var code: Int? {
        switch self {
        case .refused(let code, _), .returned(let code, _): code
        case .unreachable, .closed, .nacked, .timedOut, .overloaded, .cancelled, .invalid: nil
        }
    }

    var isClosed: Bool {
        if case .closed = self { true } else { false }
    }
}
