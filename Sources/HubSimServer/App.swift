import HubSim
import Launch

/// The hub simulator alone, on a TCP port, for any AMQP 0-9-1 client.
@main
struct App {
    static func main() async {
        await Program(
            "HubSimServer",
            summary: "a message hub that AMQP 0-9-1 clients take for RabbitMQ",
            commands: [
                Command(settings: HubSettings.all) { values, launch in
                    try await run(HubSettings(values), launch)
                }
            ]
        ).main()
    }
}
