import AMQP
import Logging

/// What a server offers every connection.
struct SessionSettings: Sendable {
    var users: [String: String]
    /// As whom `EXTERNAL` logs in; nil: the mechanism is not offered.
    var externalUser: String?
    var serverProperties: FieldTable
    /// In seconds, as proposed in `connection.tune`; 0 = none.
    var heartbeatSeconds: UInt16
    var limits: HubSimLimits
    var logger: Logger
    /// Whom faults keep out.
    var refusals: Refusals

    /// The mechanisms, as `connection.start` names them.
    var mechanisms: String { externalUser == nil ? "PLAIN AMQPLAIN" : "PLAIN AMQPLAIN EXTERNAL" }
}
