import HubSim
import Launch

/// AMQP over TLS.
extension HubSettings {
    static let tlsPort = Setting<Int>.port("TLS_PORT", help: "where AMQP listens with TLS too; 0 takes a free port")
    static let tlsCert = Setting<String>.path(
        "TLS_CERT",
        help:
            "the hub's certificate and those behind it (PEM); without it, an authority and a certificate for localhost are made"
    )
    static let tlsKey = Setting<String>.path("TLS_KEY", help: "the certificate's key (PEM)")
    static let tlsClientCA = Setting<String>.path(
        "TLS_CLIENT_CA",
        help: "authorities (PEM) of client certificates, by whose common name EXTERNAL logs in"
    )
    static let tlsCAOut = Setting<String>.path(
        "TLS_CA_OUT",
        help: "where the authority that was made is written (PEM), for clients to trust"
    )

    static let tlsSettings = [
        tlsPort.description, tlsCert.description, tlsKey.description, tlsClientCA.description, tlsCAOut.description,
    ]

    static func tls(_ values: SettingValues) throws(UsageError) -> HubTLS? {
        let port = try values.optional(tlsPort)
        let (certificate, key) = (try values.optional(tlsCert), try values.optional(tlsKey))
        let clientAuthorities = try values.optional(tlsClientCA)
        let authorityFile = try values.optional(tlsCAOut)
        guard let port else {
            guard certificate == nil, key == nil, clientAuthorities == nil, authorityFile == nil else {
                throw UsageError("TLS_PORT must be set (--tls-port): the other settings of TLS say nothing without it")
            }
            return nil
        }
        var tls = HubTLS()
        tls.port = port
        tls.clientAuthoritiesFile = clientAuthorities
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            guard authorityFile == nil else {
                throw UsageError("TLS_CA_OUT (--tls-ca-out) is set, but with TLS_CERT no authority is made")
            }
            tls.identity = .files(certificate: certificate, key: key)
        case (_?, nil), (nil, _?): throw UsageError("TLS_CERT and TLS_KEY (--tls-cert, --tls-key) go together")
        }
        return tls
    }
}
