import AMQP
import FaultPlan
import MessageHub
import Octets

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
    /// Who may log in now; the configuration has those of the beginning.
    let userBook: UserBook
    /// The authority to trust for `tlsURL`, in PEM, where it was made for this run; nil: there is none.
    public let tlsAuthorityPEM: String?

    private init(
        hub: Hub,
        server: HubServer?,
        configuration: HubConfiguration,
        userBook: UserBook,
        tlsAuthorityPEM: String? = nil
    ) {
        self.hub = hub
        self.userBook = userBook
        self.server = server
        self.tlsAuthorityPEM = tlsAuthorityPEM
        self.configuration = configuration
    }

    /// Starts a hub that listens. It is ready when this returns. Throws where the address cannot be
    /// bound or the capture's file cannot be made.
    public static func start(_ configuration: HubConfiguration = HubConfiguration()) async throws -> HubSim {
        let configuration = configuration.withDefinitions()
        let tls = try configuration.tls.map { try TLSListener($0, limits: configuration.limits) }
        let hub = try makeHub(configuration)
        let userBook = UserBook(configuration.users)
        let server = try await HubServer.start(
            hub: hub,
            settings: SessionSettings(configuration, hub.refusals, userBook),
            host: configuration.host,
            port: configuration.port,
            tls: tls
        )
        return HubSim(
            hub: hub,
            server: server,
            configuration: configuration,
            userBook: userBook,
            tlsAuthorityPEM: tls?.authorityPEM
        )
    }

    /// A hub without a socket, for one process alone.
    public static func withoutSocket(_ configuration: HubConfiguration = HubConfiguration()) -> HubSim {
        let configuration = configuration.withDefinitions()
        let timeline = Timeline(time: configuration.time ?? .system)
        // Without a socket there are no bytes to capture.
        let recorder = WireRecorder(configuration, capture: nil)
        return HubSim(
            hub: makeHub(configuration, timeline, recorder),
            server: nil,
            configuration: configuration,
            userBook: UserBook(configuration.users)
        )
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
        var broker = BrokerConfiguration(
            virtualHosts: configuration.virtualHosts,
            limits: configuration.limits,
            seed: configuration.seed,
            wallSecondsAtStart: timeline.wallSeconds,
            personality: configuration.personality
        )
        for user in configuration.users { broker.permissions[user.name] = user.permissions.map { Dictionary($0) } }
        broker.definitions = configuration.definitions
        let records = HubRecords(
            timeline: timeline,
            plan: configuration.faultPlan,
            tellsMessages: configuration.journalMessages
        )
        return Hub(
            configuration: broker,
            timeline: timeline,
            recorder: recorder,
            records: records,
            logger: configuration.logger
        )
    }

    /// The port that it listens on; 0 where it has no socket.
    public var port: Int { server?.port ?? 0 }

    /// Where clients reach it: the first vhost that anybody may open, with the name and password of the first user who
    /// may. Empty where it has no socket.
    public var url: String { server.map { url("amqp", $0.host, $0.port) } ?? "" }

    /// The port for TLS; 0 where there is none.
    public var tlsPort: Int { server?.tlsPort ?? 0 }

    /// Where clients reach it with TLS (`amqps://`), as in `url`; empty where they cannot.
    public var tlsURL: String {
        guard let server, let port = server.tlsPort else { return "" }
        return url("amqps", server.host, port)
    }

    private func url(_ scheme: String, _ host: String, _ port: Int) -> String {
        // The first vhost that somebody may open.
        let hosts = configuration.virtualHosts
        let vhost = hosts.first { configuration.user(of: $0) != nil } ?? hosts.first ?? "/"
        let user = configuration.user(of: vhost) ?? configuration.users.first ?? .guest
        // A password of which only the hash is known is left to be filled in.
        let password = user.passwordHash == nil ? ":" + PercentEncoding.encode(user.password) : ""
        // `/` is written out as `%2F`: clients do not agree on what an empty path means.
        return
            "\(scheme)://\(PercentEncoding.encode(user.name))\(password)@\(host):\(port)/\(PercentEncoding.encode(vhost))"
    }

    /// The same hub without the socket, logged in as the first user who may open the vhost.
    public func inProcess(vhost: String = "/") -> InProcessHub {
        let user = configuration.user(of: vhost) ?? configuration.users.first ?? .guest
        return InProcessHub(hub: hub, user: user.name, virtualHost: vhost)
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

    /// Ends the hub: takes no more connections, closes those there are with 320 `CONNECTION_FORCED`, waits until their
    /// clients have answered, or `HubSimLimits.shutdownMs` is over for one that has got all that it was sent. May be called more than once.
    /// - Returns: the hub as it was, with everything that was left in it.
    @discardableResult
    public func shutdown() async -> HubSnapshot {
        let left = snapshot()
        await server?.stopListening()
        server?.tellConnections()
        hub.end("broker forced connection closure with reason 'shutdown'")
        if let server {
            // On the real clock: a clock that is turned by hand may never be turned again.
            let limits = configuration.limits
            let grace = min(limits.closeMs, limits.shutdownMs)
            await withTaskGroup { group in
                group.addTask {
                    try? await TimeSource.system.sleep(for: .milliseconds(grace))
                    server.cutToldConnections()
                    try? await TimeSource.system.sleep(for: .milliseconds(limits.closeMs - grace))
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
