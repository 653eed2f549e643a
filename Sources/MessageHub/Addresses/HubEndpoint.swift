/// One hub to connect to, as one AMQP URI names it.
public struct HubEndpoint: Sendable, Hashable {
    /// A name, an IPv4 address or an IPv6 address without brackets.
    public var host: String
    public var port: Int
    public var user: String
    /// Stays out of every description.
    public var password: String
    public var vhost: String
    /// `nil`: no TLS (`amqp://`).
    public var tls: TLS?
    /// What the URI asks for, in seconds; 0 for none. `nil`: what the program sets.
    public var heartbeatS: Int?
    /// What the URI asks for. `nil`: what the program sets.
    public var connectTimeoutMs: Int?

    /// How TLS is done (`amqps://`).
    public struct TLS: Sendable, Hashable {
        /// Whether the hub's certificate must be one that a known authority signed, for the host's name.
        public var verifiesPeer: Bool
        /// PEM file of the authorities to trust. `nil`: those of the system.
        public var caFile: String?
        /// PEM files of a client certificate and its key; both or none.
        public var certificateFile: String?
        public var keyFile: String?

        public init(
            verifiesPeer: Bool = true,
            caFile: String? = nil,
            certificateFile: String? = nil,
            keyFile: String? = nil
        ) {
            self.verifiesPeer = verifiesPeer
            self.caFile = caFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    public static let plainPort = 5672
    public static let tlsPort = 5671

    /// What RabbitMQ's URI specification leaves to the client is what RabbitMQ's own clients take.
    public init(
        host: String = "localhost",
        port: Int? = nil,
        user: String = "guest",
        password: String = "guest",
        vhost: String = "/",
        tls: TLS? = nil,
        heartbeatS: Int? = nil,
        connectTimeoutMs: Int? = nil
    ) {
        self.host = host
        self.port = port ?? (tls == nil ? HubEndpoint.plainPort : HubEndpoint.tlsPort)
        self.user = user
        self.password = password
        self.vhost = vhost
        self.tls = tls
        self.heartbeatS = heartbeatS
        self.connectTimeoutMs = connectTimeoutMs
    }
}

extension HubEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URI without user and password: `amqp://localhost:5672/%2F`.
    public var description: String {
        "\(tls == nil ? "amqp" : "amqps")://\(authority)/\(PercentCoding.encode(vhost))"
    }

    /// `localhost:5672` or `[::1]:5672`.
    public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public var debugDescription: String { description }

    // `dump` and string interpolation of an optional go by the mirror: it must not know the password either.
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
