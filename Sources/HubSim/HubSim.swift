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
    private let configuration: HubConfiguration

    private init(hub: Hub, server: HubServer?, configuration: HubConfiguration) {
        self.hub = hub
        self.server = server
        self.configuration = configuration
    }

    /// Starts a hub that listens. It is ready when this returns. Throws where the address cannot be bound.
    public static func start(_ configuration: HubConfiguration = HubConfiguration()) async throws -> HubSim {
        let hub = makeHub(configuration)
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
        HubSim(hub: makeHub(configuration), server: nil, configuration: configuration)
    }

    private static func makeHub(_ configuration: HubConfiguration) -> Hub {
        let timeline = Timeline(time: configuration.time ?? .system)
        let broker = BrokerConfiguration(
            virtualHosts: configuration.virtualHosts,
            limits: configuration.limits,
            seed: configuration.seed,
            wallSecondsAtStart: timeline.wallSeconds,
            personality: configuration.personality
        )
        return Hub(configuration: broker, timeline: timeline)
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
    public func snapshot() -> HubSnapshot { hub.look { HubSnapshot($0) } }

    /// Waits until the condition holds; it is looked at after everything that happens.
    /// - Returns: false where the task was cancelled or the hub was shut down before.
    public func waitUntil(_ condition: HubCondition) async -> Bool { await hub.wait(for: condition) }

    /// Ends the hub: takes no more connections, closes those there are with 320 `CONNECTION_FORCED`, waits until their
    /// clients have answered or `HubSimLimits.closeMs` is over. May be called more than once.
    /// - Returns: the hub as it was, with everything that was left in it.
    @discardableResult
    public func shutdown() async -> HubSnapshot {
        let left = snapshot()
        await server?.stopListening()
        hub.end("broker forced connection closure with reason 'shutdown'")
        let timeline = hub.timeline
        let deadline = timeline.now.adding(milliseconds: configuration.limits.closeMs)
        let cut = timeline.schedule(at: deadline) { [server] in server?.cutConnections() }
        await server?.connectionsEnded()
        timeline.cancel(cut)
        timeline.end()
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
