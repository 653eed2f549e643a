import FoundationEssentials
import HubSim
import MessageHub
import RabbitMQ
import TestSupport
import Testing

/// A hub that test bodies run on: HubSim by both of its doors, or the hub that `TEST_HUB_URL` names (an AMQP URI), such
/// as RabbitMQ.
enum HubUnderTest: String, Sendable, CaseIterable, CustomTestStringConvertible {
    /// HubSim's listener, through librabbitmq.
    case socket = "HubSim's socket"
    /// The same HubSim without a socket.
    case inProcess = "HubSim in-process"
    /// Somebody else's, through librabbitmq.
    case external = "TEST_HUB_URL"

    /// What runs here.
    static let all: [HubUnderTest] = externalURL == nil ? [.socket, .inProcess] : [.external]
    /// What runs here and is reached through librabbitmq.
    static let overSocket: [HubUnderTest] = all.filter { $0 != .inProcess }

    private static let externalURL = ProcessInfo.processInfo.environment["TEST_HUB_URL"].flatMap {
        $0.isEmpty ? nil : $0
    }
    /// One for all tests, started by the first that asks. A task, because a static value cannot be awaited otherwise; it
    /// ends with the process.
    private static let hubSim = Task { try await HubSim.start() }

    var testDescription: String { rawValue }

    /// A client; its options, where it has any, changed by `change`.
    func client(_ change: (inout RabbitMQOptions) -> Void = { _ in }) async throws -> any MessageHub {
        switch self {
        case .inProcess: try await Self.hubSim.value.inProcess()
        case .socket, .external: try await rabbitMQ(change)
        }
    }

    /// A client through librabbitmq.
    func rabbitMQ(_ change: (inout RabbitMQOptions) -> Void = { _ in }) async throws -> RabbitMQHub {
        var options = RabbitMQOptions.patient("integration tests")
        change(&options)
        return RabbitMQHub(try HubURL(try await url()), options)
    }

    /// Its AMQP URI.
    func url() async throws -> String {
        if let externalURL = Self.externalURL { return externalURL }
        return try await Self.hubSim.value.url
    }
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
