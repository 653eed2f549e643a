import AMQP

/// A way to log in (AMQP 0-9-1 §2.2.4, SASL).
enum Mechanism: String {
    case plain = "PLAIN"
    /// RabbitMQ's older one: a field table without its length.
    case amqplain = "AMQPLAIN"
    case external = "EXTERNAL"

    /// Name and password out of the response; nil where it is malformed. For `external` both are empty.
    func credentials(_ response: [UInt8]) -> (user: String, password: String)? {
        switch self {
        case .plain:
            // RFC 4616: authorization identity, NUL, user, NUL, password.
            let parts = response.split(separator: 0, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            return (String(decoding: parts[1], as: UTF8.self), String(decoding: parts[2], as: UTF8.self))
        case .amqplain:
            guard let table = try? FieldTable(decodingEntries: response),
                let user = table["LOGIN"]?.string, let password = table["PASSWORD"]?.string
            else { return nil }
            return (user, password)
        case .external: return ("", "")
        }
    }
}
