import HubSim
import Launch

/// What the hub can be told.
struct HubSettings {
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where AMQP listens")
    static let port = Setting<Int>.port("PORT", default: 5672, help: "the AMQP port; 0 takes a free one")

    static let all = [host.description, port.description] + FaultSettings.all

    let configuration: HubConfiguration

    init(_ values: SettingValues) throws(UsageError) {
        var configuration = HubConfiguration()
        configuration.host = try values[Self.host]
        configuration.port = try values[Self.port]
        configuration.faultPlan = try FaultSettings.plan(values)
        self.configuration = configuration
    }
}
