import MessageHub

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The certificate authorities that the system trusts. librabbitmq 0.11 has no word for them, only for a file.
enum TrustStore {
    /// The first of the places where Linux distributions keep them that can be read; `nil` where there is none.
    static var system: String? {
        // OpenSSL's own variable goes first, as with every program that uses it.
        let override = getenv("SSL_CERT_FILE").map { String(cString: $0) }
        let places = [
            "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
            "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, Red Hat
            "/etc/ssl/ca-bundle.pem",  // SUSE
            "/etc/ssl/cert.pem",
        ]
        return ([override].compactMap { $0 } + places).first { access($0, R_OK) == 0 }
    }
}
