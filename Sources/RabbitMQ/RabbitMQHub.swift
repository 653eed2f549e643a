import CRabbitMQ
import MessageHub

/// RabbitMQ, or whatever speaks AMQP 0-9-1 with its extensions, reached through librabbitmq.
///
///     let hub = RabbitMQHub(try HubURL("amqp://guest:guest@localhost:5672/%2F"), RabbitMQOptions(connectionName: "demo"))
///     let connection = try await hub.connect()
///     try await connection.publish(HubMessage(body: []), to: .queue("work"), mandatory: true)
public struct RabbitMQHub: MessageHub {
    public let url: HubURL
    public let options: RabbitMQOptions

    public init(_ url: HubURL, _ options: RabbitMQOptions) {
        self.url = url
        self.options = options
    }

    /// The version of librabbitmq that this program runs with.
    public static var libraryVersion: String { String(cString: crmq_library_version()) }

    public var name: String { url.description }

    /// Tries the endpoints in turn. Where all fail, the hub's own refusal says more than an unreachable neighbour.
    public func connect() async throws(HubError) -> any HubConnection {
        var errors: [HubError] = []
        for endpoint in url.endpoints {
            do throws(HubError) {
                return try await RabbitMQConnection.open(endpoint, options)
            } catch .cancelled {
                throw .cancelled
            } catch {
                errors.append(error)
            }
        }
        if errors.count == 1 { throw errors[0] }
        let refusal = errors.first { error in
            if case .refused = error { true } else { false }
        }
        throw refusal ?? .unreachable(errors.map(\.description).joined(separator: "; "))
    }
}
