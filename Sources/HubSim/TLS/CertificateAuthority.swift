import Crypto

/// An authority that lives as long as the run, and the certificates that it signs (RFC 5280, with ECDSA over P-256).
///
/// Written out by hand: a certificate has one shape here, and a library for all shapes would take longer to build than
/// the hub itself.
struct CertificateAuthority: Sendable {
    /// What a certificate is for.
    enum Purpose {
        /// A server that is reached by these names and addresses (4 or 16 octets).
        case server(names: [String], addresses: [[UInt8]])
        case client
    }

    /// A certificate with its key.
    struct Identity: Sendable {
        let der: [UInt8]
        let key: P256.Signing.PrivateKey
    }

    let identity: Identity
    private let subject: [UInt8]
    private let validity: [UInt8]

    /// - Parameter wallSeconds: the time, in seconds since 1970. Everything is valid from a day before to thirty days
    ///   after it.
    init(commonName: String, at wallSeconds: Int64) {
        let key = P256.Signing.PrivateKey()
        subject = Self.name(commonName)
        validity = DERWriter.sequence(
            DERWriter.time(wallSeconds - 86_400),
            DERWriter.time(wallSeconds + 30 * 86_400)
        )
        let extensions = [
            Self.basicConstraints(isAuthority: true),
            // keyCertSign and cRLSign (§4.2.1.3).
            Self.extension(.keyUsage, isCritical: true, DERWriter.bits([0b0000_0110], unused: 1)),
            Self.extension(.subjectKeyIdentifier, DERWriter.octets(Self.keyIdentifier(key.publicKey))),
        ]
        let der = Self.certificate(key, subject, issuer: subject, signedBy: key, validity, extensions)
        identity = Identity(der: der, key: key)
    }

    /// The authority's own certificate, for those who are to trust it.
    var pem: String { Self.pem(identity.der) }

    /// Signs a certificate for a new key.
    func issue(_ commonName: String, for purpose: Purpose) -> Identity {
        let key = P256.Signing.PrivateKey()
        var extensions = [
            Self.basicConstraints(isAuthority: false),
            Self.extension(.keyUsage, isCritical: true, DERWriter.bits([0b1000_0000], unused: 7)),
            Self.extension(.subjectKeyIdentifier, DERWriter.octets(Self.keyIdentifier(key.publicKey))),
            Self.extension(
                .authorityKeyIdentifier,
                DERWriter.sequence(
                    DERWriter.tagged(0, isPrimitive: true, Self.keyIdentifier(identity.key.publicKey))
                )
            ),
        ]
        switch purpose {
        case .client:
            extensions.append(
                Self.extension(.extendedKeyUsage, DERWriter.sequence(Self.identifier(.clientAuthentication)))
            )
        case .server(let names, let addresses):
            extensions.append(
                Self.extension(.extendedKeyUsage, DERWriter.sequence(Self.identifier(.serverAuthentication)))
            )
            let alternatives =
                names.flatMap { DERWriter.tagged(2, isPrimitive: true, Array($0.utf8)) }
                + addresses.flatMap { DERWriter.tagged(7, isPrimitive: true, $0) }
            extensions.append(Self.extension(.subjectAlternativeName, DERWriter.sequence(alternatives)))
        }
        let der = Self.certificate(
            key,
            Self.name(commonName),
            issuer: subject,
            signedBy: identity.key,
            validity,
            extensions
        )
        return Identity(der: der, key: key)
    }

    /// A certificate as a PEM text (RFC 7468 §5).
    static func pem(_ der: [UInt8]) -> String {
        let lines = Base64.encode(der).chunks(of: 64).joined(separator: "\n")
        return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
    }

    private static func certificate(
        _ key: P256.Signing.PrivateKey,
        _ subject: [UInt8],
        issuer: [UInt8],
        signedBy signer: P256.Signing.PrivateKey,
        _ validity: [UInt8],
        _ extensions: [[UInt8]]
    ) -> [UInt8] {
        let algorithm = DERWriter.sequence(identifier(.ecdsaWithSHA256))
        let version3 = DERWriter.tagged(0, DERWriter.integer([2]))
        let content = DERWriter.sequence(
            version3,
            // Unlike any other of this issuer's, since no two keys are alike.
            DERWriter.integer([1] + keyIdentifier(key.publicKey).prefix(15)),
            algorithm,
            issuer,
            validity,
            subject,
            Array(key.publicKey.derRepresentation),
            DERWriter.tagged(3, DERWriter.sequence(extensions.flatMap { $0 }))
        )
        let digest = digest(content)
        do {
            let signature = Array(try signer.signature(for: digest).derRepresentation)
            return DERWriter.sequence(content, algorithm, DERWriter.bits(signature))
        } catch {
            preconditionFailure("Cannot sign with a P-256 key that was just made: \(error)")
        }
    }

    private static func name(_ commonName: String) -> [UInt8] {
        DERWriter.sequence(
            DERWriter.set(DERWriter.sequence(identifier(.commonName), DERWriter.text(commonName)))
        )
    }

    private static func basicConstraints(isAuthority: Bool) -> [UInt8] {
        let content = isAuthority ? DERWriter.sequence(DERWriter.bool(true)) : DERWriter.sequence()
        return `extension`(.basicConstraints, isCritical: true, content)
    }

    private static func `extension`(
        _ identifier: CertificateObject,
        isCritical: Bool = false,
        _ content: [UInt8]
    ) -> [UInt8] {
        DERWriter.sequence(
            Self.identifier(identifier),
            isCritical ? DERWriter.bool(true) : [],
            DERWriter.octets(content)
        )
    }

    private static func identifier(_ object: CertificateObject) -> [UInt8] { DERWriter.identifier(object.arcs) }

    private static func keyIdentifier(_ key: P256.Signing.PublicKey) -> [UInt8] {
        Array(Array(digest(Array(key.x963Representation))).suffix(20))
    }

    private static func digest(_ octets: [UInt8]) -> SHA256.Digest {
        var hash = SHA256()
        octets.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}

/// The objects that certificates name (RFC 5280 §4.2.1, RFC 5758 §3.2).
enum CertificateObject {
    case commonName, basicConstraints, keyUsage, extendedKeyUsage, subjectAlternativeName
    case subjectKeyIdentifier, authorityKeyIdentifier, serverAuthentication, clientAuthentication, ecdsaWithSHA256

    var arcs: [UInt32] {
        switch self {
        case .commonName: [2, 5, 4, 3]
        case .basicConstraints: [2, 5, 29, 19]
        case .keyUsage: [2, 5, 29, 15]
        case .extendedKeyUsage: [2, 5, 29, 37]
        case .subjectAlternativeName: [2, 5, 29, 17]
        case .subjectKeyIdentifier: [2, 5, 29, 14]
        case .authorityKeyIdentifier: [2, 5, 29, 35]
        case .serverAuthentication: [1, 3, 6, 1, 5, 5, 7, 3, 1]
        case .clientAuthentication: [1, 3, 6, 1, 5, 5, 7, 3, 2]
        case .ecdsaWithSHA256: [1, 2, 840, 10045, 4, 3, 2]
        }
    }
}

extension String {
    fileprivate func chunks(of size: Int) -> [Substring] {
        var chunks: [Substring] = []
        var rest = self[...]
        while !rest.isEmpty {
            chunks.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return chunks
    }
}
