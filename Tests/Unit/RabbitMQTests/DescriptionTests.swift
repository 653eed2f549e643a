import MessageHub
import Testing

@testable import RabbitMQ

struct DescriptionTests {
    @Test func `no description shows user or password`() throws {
        let hub = RabbitMQHub(try HubURL("amqp://admin:hunter2@host/v%2Fh"), RabbitMQOptions(connectionName: "n"))
        var dumped = ""
        dump(hub, to: &dumped)
        for text in [hub.name, "\(hub)", dumped] {
            #expect(!text.contains("hunter2") && !text.contains("admin"))
        }
        #expect(hub.name == "amqp://host:5672/v%2Fh")
    }
}
