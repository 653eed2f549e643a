import HubSim
import Launch

/// What the hub can be told.
struct HubSettings {
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where AMQP listens")
    static let port = Setting<Int>.port("PORT", default: 5672, help: "the AMQP port; 0 takes a free one")

    static let all =
        [host.description, port.description] + tlsSettings + accessSettings + [personality.description]

    let configuration: HubConfiguration
    /// Where the authority that is made for the run is written.
    let tlsAuthorityFile: String?

    init(_ values: SettingValues) throws(UsageError) {
        var configuration = HubConfiguration()
        configuration.host = try values[Self.host]
        configuration.port = try values[Self.port]
        configuration.personality = try values[Self.personality]
        configuration.tls = try Self.tls(values)
        try Self.readAccess(values, into: &configuration)
        tlsAuthorityFile = try values.optional(Self.tlsCAOut)
        self.configuration = configuration
    }
}
