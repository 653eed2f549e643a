import AMQP
import Logging
import Octets

/// What a server offers every connection.
struct SessionSettings: Sendable {
    /// Who may log in, by name.
    var users: [ExactText: HubUser]
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
