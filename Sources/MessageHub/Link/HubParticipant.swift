/// Something that works on a connection for as long as it lasts, and on the next one after it: declares what it needs,
/// consumes, publishes.
public protocol HubParticipant: Sendable {
    /// Works on one connection. Called anew for each.
    ///
    /// Throwing ends the connection for all participants, and a new one is opened; returning means that this participant
    /// has nothing more to do on this connection. When the task is cancelled it should return soon, by either way.
    func run(on connection: any HubConnection) async throws

    /// Whether it has work to finish when a graceful shutdown begins. Then `run(on:)` sees the shutdown, finishes and
    /// returns by itself, and the connection stays open until it has. The others are cancelled.
    var drainsOnShutdown: Bool { get }
}

extension HubParticipant {
    public var drainsOnShutdown: Bool { false }
}
