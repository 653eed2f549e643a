import HubProtocol
import Launch
import MessageHub

/// What the storage side can be told (contract §1).
struct StorageSettings {
    static let hubURL = Setting<HubURL>(
        "MESSAGE_HUB_URL",
        takes: "URL",
        isSecret: true,
        help: "amqp://user:pass@host:5672/vhost or amqps://…; several, comma-separated, are tried in turn"
    ) { text throws(SettingProblem) in
        do {
            return try HubURL(text)
        } catch {
            throw SettingProblem("must be the URL of a hub: \(error)")
        }
    }
    static let hubListen = Setting<ListenAddress>.listenAddress(
        "HUB_LISTEN",
        help: "host the hub in this process, listening here; then no other hub is needed"
    )
    static let exchange = Setting<String>.text(
        "MESSAGE_HUB_EXCHANGE",
        takes: "NAME",
        default: Topology.defaultExchange,
        help: "the topic exchange"
    )
    static let queue = Setting<String>.text(
        "MESSAGE_HUB_QUEUE",
        takes: "NAME",
        default: Topology.defaultQueue,
        help: "the queue of the storage side"
    )
    static let token = Setting<String>.text(
        "STORAGE_SERVICE_TOKEN",
        takes: "TOKEN",
        isSecret: true,
        help: "bearer token that the asset API asks for"
    )
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where the asset API listens")
    static let port = Setting<Int>.port("PORT", default: 8001, help: "the asset API's port; 0 takes a free one")

    static let all = [
        hubURL.description, hubListen.description, exchange.description, queue.description, token.description,
        host.description, port.description,
    ]

    /// Which hub it consumes.
    enum HubChoice {
        case hosted(ListenAddress)
        case remote(HubURL)
    }

    let hub: HubChoice
    let topology: Topology
    let token: String?
    let host: String
    let port: Int

    init(_ values: SettingValues) throws(UsageError) {
        let listen = try values.optional(Self.hubListen)
        let url = try values.optional(Self.hubURL)
        switch (listen, url) {
        case (let listen?, nil): hub = .hosted(listen)
        case (nil, let url?): hub = .remote(url)
        case (nil, nil):
            throw UsageError("MESSAGE_HUB_URL must be set (--message-hub-url), or --hub-listen to host the hub here")
        case (_?, _?): throw UsageError("MESSAGE_HUB_URL and HUB_LISTEN are both set; one hub is enough")
        }
        topology = Topology(exchange: try values[Self.exchange], queue: try values[Self.queue])
        token = try values.optional(Self.token)
        host = try values[Self.host]
        port = try values[Self.port]
    }
}
