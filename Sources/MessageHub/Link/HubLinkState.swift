/// How it stands with the connection that a `HubLink` keeps.
public struct HubLinkState: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case connecting
        case connected
        /// Connected, but the hub takes no messages for now; with its reason.
        case blocked(reason: String)
        /// Waiting for the next attempt, after this error; without one: not started, or stopped.
        case disconnected(HubError?)
    }

    public var phase: Phase
    /// Connections that were opened so far.
    public var connectionCount: Int

    public init(phase: Phase = .disconnected(nil), connectionCount: Int = 0) {
        self.phase = phase
        self.connectionCount = connectionCount
    }

    /// How often a connection was opened again after one was lost.
    public var reconnectCount: Int { max(0, connectionCount - 1) }

    /// Whether there is a connection, blocked or not.
    public var isConnected: Bool {
        switch phase {
        case .connected, .blocked: true
        case .connecting, .disconnected: false
        }
    }
}
