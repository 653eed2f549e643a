import AMQP

@testable import HubSim

/// A broker and sessions on it, bytes in and bytes out: everything that a client can reach but the socket itself.
final class HubWithoutSockets {
    private(set) var broker: Broker
    private(set) var now = Instant.start
    private let settings: SessionSettings
    private var clients: [ConnectionID: ClientWithoutSocket] = [:]

    init(_ configure: (inout HubConfiguration) -> Void = { _ in }) {
        var configuration = HubConfiguration()
        configure(&configuration)
        let timeline = Timeline(time: .system)
        let faults = HubRecords(timeline: timeline).faults
        settings = SessionSettings(
            configuration,
            Refusals(armed: faults, timeline: timeline),
            UserBook(configuration.users)
        )
        broker = Broker(
            configuration: BrokerConfiguration(limits: configuration.limits, personality: configuration.personality)
        )
    }

    func connect() -> ClientWithoutSocket { ClientWithoutSocket(self, Session(settings: settings, peer: "peer")) }

    /// A client past the handshake, with channel 1 open.
    func connectWithChannel(_ tune: ConnectionTuneOk = .usual) throws -> ClientWithoutSocket {
        let client = connect()
        client.receive(ProtocolHeader.amqp091.octets)
        try client.say(.method(channel: 0, .connectionStartOk(.plain())), .method(channel: 0, .connectionTuneOk(tune)))
        try client.say(.method(channel: 0, .connectionOpen(ConnectionOpen(virtualHost: "/"))))
        try client.say(.method(channel: 1, .channelOpen))
        _ = try client.takeFrames()
        return client
    }

    /// Lets time pass, stopping at each deadline on the way.
    func pass(milliseconds: Int64) {
        let end = now.adding(milliseconds: milliseconds)
        while let deadline = broker.nextDeadline, deadline <= end {
            now = max(now, deadline)
            broker.apply(.timePassed, at: now)
            distribute()
        }
        now = end
    }

    func open(_ profile: ConnectionProfile, _ client: ClientWithoutSocket) throws(ProtocolError) -> ConnectionID {
        let id = try broker.open(profile, at: now)
        clients[id] = client
        return id
    }

    func apply(_ commands: [Command]) {
        for command in commands { broker.apply(command, at: now) }
        distribute()
    }

    func look<Result>(_ body: (borrowing Broker) throws -> Result) rethrows -> Result { try body(broker) }

    /// Carries out directives until there are none; what was handed out is on its way at once.
    private func distribute() {
        while true {
            let directives = broker.takeDirectives()
            guard !directives.isEmpty else { return }
            for directive in directives {
                let id = directive.connection
                if let client = clients[id], let error = client.take(directive) {
                    client.fail(error)
                    broker.apply(.closed(id), at: now)
                }
                if directive.isCloseOfConnection { clients[id] = nil }
                if case .tellWhenDrained = directive { broker.apply(.drained(id), at: now) }
            }
        }
    }
}

/// One connection of a hub without sockets.
final class ClientWithoutSocket {
    private let hub: HubWithoutSockets
    private var session: Session
    private var output: [UInt8] = []
    private var decoder = FrameDecoder(frameMax: 0)
    private(set) var isPaused = false

    init(_ hub: HubWithoutSockets, _ session: consuming Session) {
        self.hub = hub
        self.session = session
    }

    /// The hub has hung up, or waits only for the client to do so.
    var hasEnded: Bool { session.hasEnded }

    /// Frames of the client's.
    func say(_ frames: Frame...) throws {
        var writer = FrameWriter(frameMax: 131_072)
        for frame in frames { try writer.frame(frame) }
        receive(writer.bytes)
    }

    /// One read of the socket.
    func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { all in
            var input = all
            var commands: [Command] = []
            while let event = session.next(&input, at: hub.now) {
                switch event {
                case .command(let command): commands.append(command)
                case .open(let profile): open(profile)
                case .closeRequested:
                    close(after: commands)
                    commands = []
                    session.confirmClose()
                case .failed(let error):
                    close(after: commands)
                    commands = []
                    session.fail(error)
                case .ended: break
                }
            }
            if !commands.isEmpty { hub.apply(commands) }
        }
    }

    /// The client is gone.
    func vanish() {
        close(after: [])
        session.end()
    }

    /// The hub ends the connection.
    func fail(_ error: ProtocolError) { session.fail(error) }

    /// - Returns: why it cannot be written.
    func take(_ directive: Directive) -> ProtocolError? {
        if case .pauseReading = directive { isPaused = true }
        if case .resumeReading = directive { isPaused = false }
        do throws(ProtocolError) {
            try session.write(directive)
            return nil
        } catch {
            return error
        }
    }

    /// What the hub has said since it was last asked.
    func takeFrames() throws -> [Frame] {
        session.takeOutput { output += $0 }
        defer { output = [] }
        return try output.withUnsafeBytes { all in
            var input = all
            var frames: [Frame] = []
            if all.starts(with: "AMQP".utf8) { return [] }
            while let frame = try decoder.next(&input) { frames.append(try Frame(frame)) }
            return frames
        }
    }

    private func open(_ profile: ConnectionProfile) {
        do throws(ProtocolError) {
            session.opened(try hub.open(profile, self))
        } catch {
            session.fail(error)
        }
    }

    private func close(after commands: [Command]) {
        guard let id = session.connection else { return }
        hub.apply(commands + [.closed(id)])
    }
}

extension ConnectionTuneOk {
    static let usual = ConnectionTuneOk(channelMax: 2047, frameMax: 131_072, heartbeat: 0)
}
