import AMQP
import FaultPlan
import JSON
import MessageHub
import Testing

@testable import HubSim

/// A hub with faults, on a clock that is turned by hand, and clients on it.
struct FaultScene {
    let hub: HubSim
    let clock: VirtualClock

    /// - Parameter fault: a plan in short form.
    static func with(
        _ fault: String,
        heartbeatSeconds: UInt16 = 0,
        _ body: (FaultScene) async throws -> Void
    ) async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        configuration.heartbeatSeconds = heartbeatSeconds
        configuration.faultPlan = try FaultPlan(shortForm: fault, seed: 1)
        try await HubSim.withHub(configuration) { hub in
            try await body(FaultScene(hub: hub, clock: clock))
            #expect(FaultReport(rules: hub.faults.report()).neverFired.isEmpty, "every rule of the test has fired")
        }
    }

    /// A client with confirms and the queue `q`.
    func client(properties: FieldTable = [:]) async throws -> RawClient {
        let client = try await RawClient.loggedIn(port: hub.port, properties: properties)
        try await client.send(.channelOpen, channel: 1)
        _ = try await client.next()
        _ = try await client.ask(.confirmSelect(ConfirmSelect()))
        _ = try await client.ask(.queueDeclare(QueueDeclare(queue: "q")))
        return client
    }

    /// An in-process connection, after the queue `q` is declared.
    func inProcess() async throws -> any HubConnection {
        let connection = try await hub.inProcess().connect()
        _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
        return connection
    }

    /// Turns the clock once someone waits for it.
    func turn(ms: Int) async {
        while clock.sleeperCount == 0 { await Task.yield() }
        await clock.advance(by: .milliseconds(ms))
    }
}

extension RawClient {
    /// The next thing that comes, as a line.
    func line() async throws -> String { "\(try await next())" }

    /// The next delivery: tag, whether it is one again, and body, which must not be empty.
    func delivery() async throws -> String {
        guard case .frame(.method(_, .basicDeliver(let deliver))) = try await next() else { return "no delivery" }
        _ = try await next()
        guard case .frame(.body(_, let body)) = try await next() else { return "no body" }
        return "\(deliver.deliveryTag)\(deliver.redelivered ? " again" : ""): \(String(decoding: body, as: UTF8.self))"
    }

    /// Begins to consume from `q`.
    func consume(noAck: Bool = false) async throws {
        _ = try await ask(.basicConsume(BasicConsume(queue: "q", consumerTag: "t", noAck: noAck)))
    }

    func acknowledge(_ tag: UInt64, multiple: Bool = false) async throws {
        try await send(.basicAck(BasicAck(deliveryTag: tag, multiple: multiple)), channel: 1)
    }
}
