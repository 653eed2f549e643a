import HubProtocol
import Launch
import MessageHub

/// What the two sides of one deployment have to agree on: where they meet and under which names (contract §1). Each is
/// declared here once, so that a value is good for both or for neither.
public enum DeploymentSettings {
    /// The hub that both sides connect to.
    public static let hubURL = Setting<HubURL>(
        "MESSAGE_HUB_URL",
        takes: "URL",
        isSecret: true,
        help:
            "the message hub: amqp://user:pass@host:5672/vhost or amqps://…; several, comma-separated, are tried in turn"
    ) { text throws(SettingProblem) in
        do throws(HubURLError) {
            return try HubURL(text)
        } catch {
            throw SettingProblem("must be an amqp:// or amqps:// URL: \(error.description)")
        }
    }
    public static let exchange = name(
        "MESSAGE_HUB_EXCHANGE",
        default: Topology.defaultExchange,
        help: "the topic exchange on the hub"
    )
    /// The storage side consumes it; the other side only looks whether anybody does.
    public static let queue = name(
        "MESSAGE_HUB_QUEUE",
        default: Topology.defaultQueue,
        help: "the queue of the storage side on the hub"
    )
    /// Sent by one side, asked for by the other.
    public static let storageToken = Setting<String>(
        "STORAGE_SERVICE_TOKEN",
        takes: "TOKEN",
        isSecret: true,
        help: "bearer token of the asset API"
    ) { text throws(SettingProblem) in
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SettingProblem("must be of visible ASCII characters, which is what a header can carry")
        }
        return text
    }

    /// A name on the hub (AMQP 0-9-1, domains exchange-name and queue-name: at most 127 bytes).
    private static func name(_ key: String, default defaultValue: String, help: String) -> Setting<String> {
        Setting(key, takes: "NAME", default: defaultValue, help: help) { text throws(SettingProblem) in
            guard text.utf8.count <= 127,
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw SettingProblem("must have at most 127 bytes and no control characters") }
            return text
        }
    }
}
