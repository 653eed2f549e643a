/// What is known of a client before it says who it is.
enum ClientProof: Equatable {
    /// Nothing: it came without TLS or without a certificate.
    case none
    /// TLS has verified its certificate, which names it; nil: the certificate has no common name.
    case certificate(commonName: String?)
}
