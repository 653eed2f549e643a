import AMQP

/// The property `expiration`: milliseconds in decimal digits.
enum Expiration {
    /// What RabbitMQ takes at most for any time to live: ten years of 365 days.
    static let millisecondsMax: Int64 = 10 * 365 * 86_400_000

    /// The number; throws what RabbitMQ says of anything else.
    static func milliseconds(_ text: String) throws(ProtocolError) -> Int64 {
        let octets = text.utf8
        let isSigned = octets.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } ?? false
        let digits = octets.dropFirst(isSigned ? 1 : 0).prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { throw refusal(text, "no_integer") }
        let rest = octets.dropFirst((isSigned ? 1 : 0) + digits.count)
        guard rest.isEmpty else { throw refusal(text, "{leftover_string,\"\(String(rest) ?? "")\"}") }
        guard octets.first != UInt8(ascii: "-") || digits.allSatisfy({ $0 == 48 }) else {
            throw refusal(text, "{value_negative,\(text)}")
        }
        guard let number = Int64(String(digits) ?? ""), number <= millisecondsMax else {
            throw refusal(text, "{value_too_large,\(text)}")
        }
        return number
    }

    private static func refusal(_ text: String, _ reason: String) -> ProtocolError {
        ProtocolError(.preconditionFailed, "invalid expiration '\(text)': \(reason)")
    }
}
