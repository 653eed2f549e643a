import AMQP
import MessageHub

/// A message hub that AMQP 0-9-1 clients take for RabbitMQ: one broker, reached by a socket and in-process.
///
///     let hub = try await HubSim.start()
///     print(hub.url)                                   // amqp://guest:guest@127.0.0.1:40123/%2F
///     let connection = try await hub.inProcess().connect()
///     …
///     let left = await hub.shutdown()                  // what was still in it
public final class HubSim: Sendable {
    let hub: Hub
    private let server: HubServer?
    let configuration: HubConfiguration

    private init(hub: Hub, server: HubServer?, configuration: HubConfiguration) {
        self.hub = hub
        self.server = server
        self.configuration = configuration
    }

    /// Starts a hub that listens. It is ready when this returns. Throws where the address cannot be
    /// bound or the capture's file cannot be made.
    public static func start(_ configuration: HubConfiguration = HubConfiguration()) async throws -> HubSim {
        let hub = try makeHub(configuration)
        let server = try await HubServer.start(
            hub: hub,
            settings: SessionSettings(configuration),
            host: configuration.host,
            port: configuration.port
        )
        return HubSim(hub: hub, server: server, configuration: configuration)
    }

    /// A hub without a socket, for one process alone.
    public static func withoutSocket(_ configuration: HubConfiguration = HubConfiguration()) -> HubSim {
        let timeline = Timeline(time: configuration.time ?? .system)
        // Without a socket there are no bytes to capture.
        let recorder = WireRecorder(configuration, capture: nil)
        return HubSim(hub: makeHub(configuration, timeline, recorder), server: nil, configuration: configuration)
    }

    private static func makeHub(_ configuration: HubConfiguration) throws -> Hub {
        let timeline = Timeline(time: configuration.time ?? .system)
        let capture = try configuration.capture.map { capture in
            try CaptureFile(
                capture,
                wallStartMicroseconds: timeline.wallMilliseconds * 1000 - timeline.now.microseconds,
                logger: configuration.logger
            )
        }
        return makeHub(configuration, timeline, WireRecorder(configuration, capture: capture))
    }

    private static func makeHub(
        _ configuration: HubConfiguration,
        _ timeline: Timeline,
        _ recorder: WireRecorder?
    ) -> Hub {
        let broker = BrokerConfiguration(
            virtualHosts: configuration.virtualHosts,
            limits: configuration.limits,
            seed: configuration.seed,
            wallSecondsAtStart: timeline.wallSeconds,
            personality: configuration.personality
        )
        return Hub(configuration: broker, timeline: timeline, recorder: recorder)
    }

    /// The port that it listens on; 0 where it has no socket.
    public var port: Int { server?.port ?? 0 }

    /// Where clients reach it, with the first user's name and password; empty where it has no socket.
    public var url: String {
        guard let server else { return "" }
        let user = configuration.users.first ?? .guest
        let vhost = configuration.virtualHosts.first ?? "/"
        // `/` is written out as `%2F`: clients do not agree on what an empty path means.
        return
            "amqp://\(user.name.percentEncoded):\(user.password.percentEncoded)@\(server.host):\(server.port)/\(vhost.percentEncoded)"
    }

    /// The same hub without the socket, logged in as the first user.
    public func inProcess(vhost: String = "/") -> InProcessHub {
        InProcessHub(hub: hub, user: (configuration.users.first ?? .guest).name, virtualHost: vhost)
    }

    /// What the hub holds at this moment.
    public func snapshot() -> HubSnapshot { hub.snapshot() }

    /// Waits until the condition holds; it is looked at after everything that happens.
    /// - Returns: false where the task was cancelled or the hub was shut down before.
    public func waitUntil(_ condition: HubCondition) async -> Bool { await hub.wait(for: condition) }

    /// Waits until the condition holds, in real time, whatever clock the hub hangs on.
    /// - Throws: `HubExpectationError`, which tells what was missing and how the hub stood, when the time is over.
    ///
    ///     try await hub.expect(.acknowledged(from: "q", atLeast: 3), within: .seconds(5))
    public func expect(
        _ condition: HubCondition,
        within limit: Duration = .seconds(5)
    ) async throws(HubExpectationError) {
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await self.waitUntil(condition) ? .holds : .ended }
            group.addTask {
                // Cancelled, it is not the time that is over.
                do { try await TimeSource.system.sleep(for: limit) } catch { return .ended }
                return .late
            }
            let first = await group.next() ?? .ended
            group.cancelAll()
            return first
        }
        switch outcome {
        case .holds: return
        case .ended: throw HubExpectationError(condition: condition, reason: .ended, snapshot: snapshot())
        case .late: throw HubExpectationError(condition: condition, reason: .timeLimit(limit), snapshot: snapshot())
        }
    }

    private enum Outcome {
        case holds, ended, late
    }

    /// Runs something with a hub that listens, and ends the hub after it, whatever comes of it.
    /// - Parameter inspect: gets the hub as it was at the end, with everything that was left in it.
    public static func withHub<Result>(
        _ configuration: HubConfiguration = HubConfiguration(),
        inspect: (HubSnapshot) -> Void = { _ in },
        _ body: (HubSim) async throws -> Result
    ) async throws -> Result {
        let hub = try await start(configuration)
        do {
            let result = try await body(hub)
            inspect(await hub.shutdown())
            return result
        } catch {
            inspect(await hub.shutdown())
            throw error
        }
    }

    /// The messages that wait in a queue, in the order of delivery. They stay there.
    public func messages(in queue: String, vhost: String = "/", limit: Int = 100) -> [HubMessage] {
        hub.look { broker in broker.queue(queue, vhost)?.ready.prefix(limit).map { HubMessage($0.message) } ?? [] }
    }

    /// The messages that wait in a queue, in the order of delivery, with what the queue knows of them. They stay there.
    public func peek(_ queue: String, vhost: String = "/", limit: Int = 100) -> [PeekedMessage] {
        hub.look { broker in
            let waiting = broker.queue(queue, vhost)?.ready.prefix(limit) ?? []
            return waiting.enumerated().map { PeekedMessage($0.element, position: $0.offset) }
        }
    }

    /// Publishes from behind, without a connection.
    /// - Returns: how many queues took the message. Throws `HubError.refused` where there is no such exchange or vhost.
    @discardableResult
    public func publish(_ message: HubMessage, to address: HubAddress, vhost: String = "/") throws(HubError) -> Int {
        let message = try Message(message, to: address)
        var result: Result<Int, ProtocolError> = .success(0)
        hub.change { broker, now in result = broker.insert(message, vhost, at: now) }
        do throws(ProtocolError) { return try result.get() } catch { throw HubError(refusal: error) }
    }

    /// Ends the hub: takes no more connections, closes those there are with 320 `CONNECTION_FORCED`, waits until their
    /// clients have answered or `HubSimLimits.closeMs` is over. May be called more than once.
    /// - Returns: the hub as it was, with everything that was left in it.
    @discardableResult
    public func shutdown() async -> HubSnapshot {
        let left = snapshot()
        await server?.stopListening()
        server?.tellConnections()
        hub.end("broker forced connection closure with reason 'shutdown'")
        if let server {
            // On the real clock: a clock that is turned by hand may never be turned again.
            let timeout = Duration.milliseconds(configuration.limits.closeMs)
            await withTaskGroup { group in
                group.addTask {
                    try? await TimeSource.system.sleep(for: timeout)
                    server.cutConnections()
                }
                await server.connectionsEnded()
                group.cancelAll()
            }
        }
        hub.timeline.end()
        await hub.recorder?.settled(within: .milliseconds(configuration.limits.closeMs))
        return left
    }
}

extension SessionSettings {
    init(_ configuration: HubConfiguration) {
        users = Dictionary(configuration.users.map { ($0.name, $0.password) }) { first, _ in first }
        externalUser = configuration.externalUser
        serverProperties = ServerProperties.table(configuration.personality, clusterName: "hubsim@localhost")
        heartbeatSeconds = configuration.heartbeatSeconds
        limits = configuration.limits
        logger = configuration.logger
    }
}

extension String {
    /// Safe in any part of a URL (RFC 3986 §2.1): everything but unreserved characters is escaped.
    fileprivate var percentEncoded: String {
        let hex = Array("0123456789ABCDEF")
        var text = ""
        for octet in utf8 {
            let scalar = Unicode.Scalar(octet)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": text.unicodeScalars.append(scalar)
            default: text += "%\(hex[Int(octet >> 4)])\(hex[Int(octet & 15)])"
            }
        }
        return text
    }
}
