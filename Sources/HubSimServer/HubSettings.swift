import HubSim
import Launch

/// What the hub can be told.
struct HubSettings {
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where AMQP listens")
    static let port = Setting<Int>.port("PORT", default: 5672, help: "the AMQP port; 0 takes a free one")

    static let memoryHigh = Setting<Int>.integer(
        "MEMORY_HIGH_BYTES",
        in: 1...(1 << 40),
        default: HubSimLimits().totalBytesHigh,
        help: "bytes of messages at which publishers are blocked (connection.blocked)"
    )

    static let all = [host.description, port.description, memoryHigh.description]

    let configuration: HubConfiguration

    init(_ values: SettingValues) throws(UsageError) {
        var configuration = HubConfiguration()
        configuration.host = try values[Self.host]
        configuration.port = try values[Self.port]
        // Above it stays the same room as there is by default, for what was under way when publishers were blocked.
        let room = configuration.limits.totalBytesMax - configuration.limits.totalBytesHigh
        configuration.limits.totalBytesHigh = try values[Self.memoryHigh]
        configuration.limits.totalBytesMax = configuration.limits.totalBytesHigh + room
        self.configuration = configuration
    }
}
