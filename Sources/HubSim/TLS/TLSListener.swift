import Crypto
import MessageHub
import NIOCore
import NIOSSL

/// What the TLS port shows its clients and asks of them, ready to be used.
struct TLSListener: Sendable {
    let port: Int
    let context: NIOSSLContext
    /// The authority that signed the hub's certificate, where it was made for this run (PEM).
    let authorityPEM: String?

    /// Reads the files and makes what is to be made. Throws `HubTLSError` for a file that cannot be used.
    init(_ settings: HubTLS, limits: HubSimLimits) throws {
        port = settings.port
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        switch settings.identity {
        case .made:
            let made = try Self.madeIdentity()
            chain = [made.certificate]
            key = made.key
            authorityPEM = made.authorityPEM
        case .files(let certificateFile, let keyFile):
            chain = try Self.certificates(.certificate, certificateFile)
            key = try Self.use(.key, keyFile) { try NIOSSLPrivateKey(file: keyFile, format: .pem) }
            authorityPEM = nil
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        // How long a client may leave our last word unanswered: as with `connection.close`.
        configuration.shutdownTimeout = .milliseconds(limits.closeMs)
        if let file = settings.clientAuthoritiesFile {
            let authorities = try Self.certificates(.clientAuthorities, file)
            configuration.trustRoots = .certificates(authorities)
            configuration.certificateVerification =
                settings.requiresClientCertificate ? .noHostnameVerification : .optionalVerification
            configuration.sendCANameList = true
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            // Files that can be read each, and do not go together.
            guard case .files(let file, _) = settings.identity else { throw error }
            throw HubTLSError(.certificate, file: file, reason: "it does not go with the key (\(error))")
        }
    }

    private static func certificates(_ part: HubTLSError.Part, _ file: String) throws -> [NIOSSLCertificate] {
        let certificates = try use(part, file) { try NIOSSLCertificate.fromPEMFile(file) }
        guard !certificates.isEmpty else { throw HubTLSError(part, file: file, reason: "it holds no certificate") }
        return certificates
    }

    /// A certificate for this machine by its loopback names. Always by the real clock: clients go by it too.
    private static func madeIdentity() throws -> (
        certificate: NIOSSLCertificate, key: NIOSSLPrivateKey, authorityPEM: String
    ) {
        let wallSeconds = TimeSource.system.timestamp().millisecondsSinceEpoch / 1000
        let authority = CertificateAuthority(commonName: "HubSim authority of this run", at: wallSeconds)
        let loopback: [[UInt8]] = [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]]
        // The address as a name too: librabbitmq 0.11 looks for nothing else.
        let names = ["localhost", "127.0.0.1"]
        let server = authority.issue("localhost", for: .server(names: names, addresses: loopback))
        return (
            try NIOSSLCertificate(bytes: server.der, format: .der),
            try NIOSSLPrivateKey(bytes: Array(server.key.pemRepresentation.utf8), format: .pem),
            authority.pem
        )
    }

    private static func use<Value>(
        _ part: HubTLSError.Part,
        _ file: String,
        _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw HubTLSError(part, file: file, reason: "it cannot be read as PEM (\(error))")
        }
    }
}
