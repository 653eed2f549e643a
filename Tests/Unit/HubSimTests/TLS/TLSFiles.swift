import Foundation
import MessageHub
import NIOSSL

@testable import HubSim

/// Authorities and certificates of one test, on disk in a folder that goes with it.
final class TLSFiles: Sendable {
    let folder: String
    let authority: CertificateAuthority

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "hubsim-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
        authority = CertificateAuthority(commonName: "authority of a test", at: Self.now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static var now: Int64 { TimeSource.system.timestamp().millisecondsSinceEpoch / 1000 }

    func write(_ text: String, _ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// Writes a certificate and its key.
    func write(_ identity: CertificateAuthority.Identity, _ name: String) throws -> (certificate: String, key: String) {
        (
            try write(CertificateAuthority.pem(identity.der), name + ".pem"),
            try write(identity.key.pemRepresentation, name + ".key")
        )
    }
}

extension NIOSSLContext {
    /// What a client needs that trusts one authority and may show a certificate of its own.
    static func client(
        trusting pem: String,
        showing identity: CertificateAuthority.Identity? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
        if let identity {
            configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: identity.der, format: .der))]
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.key.pemRepresentation.utf8), format: .pem)
            )
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
