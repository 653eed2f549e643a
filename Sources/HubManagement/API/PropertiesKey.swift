import AMQP
import FoundationEssentials
import JSON
import Octets

/// How the management API names a binding among those between the same two: its routing key, with a hash of its
/// arguments where it has some.
enum PropertiesKey {
    /// `~` where key and arguments are empty; `key` without arguments; `key~hash` with them.
    static func text(_ routingKey: String, _ arguments: FieldTable) -> String {
        if arguments.isEmpty { return routingKey.isEmpty ? "~" : percentEncoded(routingKey) }
        return "\(percentEncoded(routingKey))~\(hash(arguments))"
    }

    /// Whether a segment of a path names this binding, as it stands or escaped once more on the way.
    static func names(_ segment: String, _ routingKey: String, _ arguments: FieldTable) -> Bool {
        let key = text(routingKey, arguments)
        return segment == key || segment == percentEncoded(key)
            || arguments.isEmpty && !routingKey.isEmpty && segment == routingKey
    }

    /// Six characters; the same for equal arguments, whatever their order.
    private static func hash(_ arguments: FieldTable) -> String {
        var hash: UInt32 = 0x811c_9dc5
        for octet in JSONValue(arguments).encoded() { hash = (hash ^ UInt32(octet)) &* 0x0100_0193 }
        let octets = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: hash >> $0) }
        let text = Data(octets).base64EncodedString()
        return text.replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
    }

    /// Everything but letters, digits, `-`, `.` and `_` is escaped, so that `~` is left for the hash.
    static func percentEncoded(_ text: String) -> String { PercentEncoding.encode(text).replacing("~", with: "%7E") }
}
