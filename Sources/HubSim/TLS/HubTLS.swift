/// How a hub listens with TLS (`amqps`), beside its plain port.
///
///     var configuration = HubConfiguration()
///     configuration.tls = HubTLS()
///     let hub = try await HubSim.start(configuration)
///     print(hub.tlsURL, hub.tlsAuthorityPEM ?? "")
public struct HubTLS: Sendable, Hashable {
    /// Where the hub's certificate comes from.
    public enum Identity: Sendable, Hashable {
        /// An authority and a certificate for `localhost`, `127.0.0.1` and `::1` are made for this run alone.
        case made
        /// PEM files: the certificate with the intermediate ones behind it, and its key.
        case files(certificate: String, key: String)
    }

    /// The port to listen on; 0 takes a free one.
    public var port = 0
    public var identity = Identity.made
    /// A PEM file of the authorities whose client certificates are taken. Who shows one is offered the mechanism
    /// `EXTERNAL` and logs in by it as the user whom the certificate's common name names; a certificate of anybody
    /// else's fails the handshake. Nil: clients are not asked for certificates.
    public var clientAuthoritiesFile: String?
    /// Whether a client without a certificate fails the handshake too (RabbitMQ's `fail_if_no_peer_cert`).
    public var requiresClientCertificate = false

    public init() {}
}

/// TLS cannot be set up as it was asked for. Fit to be shown to whoever started the program.
public struct HubTLSError: Error, Sendable, CustomStringConvertible {
    /// What a file is to be.
    public enum Part: String, Sendable {
        case certificate
        case key
        case clientAuthorities = "client authorities"
    }

    /// Which of the files it is.
    public let part: Part
    /// What is wrong with the file, on one line.
    public let reason: String
    /// One line: `cannot use the certificate in 'server.pem': …`.
    public let description: String

    init(_ part: Part, file: String, reason: String) {
        self.part = part
        // What a library says may go over several lines.
        self.reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        description = "cannot use the \(part.rawValue) in '\(file)': \(self.reason)"
    }
}
