import AMQP
import Logging

/// What a server offers every connection.
struct SessionSettings: Sendable {
    /// Who may log in, by name.
    var users: UserBook
    /// As whom `EXTERNAL` logs in; nil: the mechanism is not offered.
    var externalUser: String?
    var serverProperties: FieldTable
    /// In seconds, as proposed in `connection.tune`; 0 = none.
    var heartbeatSeconds: UInt16
    var limits: HubSimLimits
    var logger: Logger
    /// Whom faults keep out.
    var refusals: Refusals
}

extension SessionSettings {
    init(_ configuration: HubConfiguration, _ refusals: Refusals, _ users: UserBook) {
        self.refusals = refusals
        self.users = users
        externalUser = configuration.externalUser
        serverProperties = ServerProperties.table(configuration.personality, clusterName: "hubsim@localhost")
        heartbeatSeconds = configuration.heartbeatSeconds
        limits = configuration.limits
        logger = configuration.logger
    }
}
