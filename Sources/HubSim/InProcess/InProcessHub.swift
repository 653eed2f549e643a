import AMQP
import MessageHub

/// The hub without a socket: connections straight to the broker, for tests and for programs that host the hub
/// themselves. What a connection here does, a connection on the socket sees, and the other way round.
public struct InProcessHub: MessageHub {
    private let hub: Hub
    private let user: String
    private let virtualHost: String

    init(hub: Hub, user: String, virtualHost: String) {
        self.hub = hub
        self.user = user
        self.virtualHost = virtualHost
    }

    public var name: String { "in-process hub, vhost \(virtualHost)" }

    public func connect() async throws(HubError) -> any HubConnection {
        let profile = ConnectionProfile(user: user, virtualHost: virtualHost, name: "in-process")
        if hub.refusals.refusesConnection(profile.name) { throw .unreachable("connection reset") }
        if hub.refusals.refusesLogin(profile.name) {
            throw HubError(refusal: ProtocolError(.accessRefused, "Login was refused by a fault."))
        }
        let connection = InProcessConnection(hub: hub)
        try connection.open(profile)
        return connection
    }
}
