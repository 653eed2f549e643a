import AMQP

/// Commands of a client that asks for messages (`basic.get`) faster than it takes them: they wait until it has taken
/// what it was handed, and nothing more is read from it meanwhile. So no request of a few octets can make the hub write
/// out any number of large messages.
extension Broker {
    /// Keeps a command where others of its connection wait.
    /// - Returns: false where it is to be carried out now.
    mutating func postpone(_ command: Command) -> Bool {
        let id: ConnectionID
        switch command {
        case .publish(let connection, _, _, _, _), .method(let connection, _, _): id = connection
        case .drained, .closed, .timePassed: return false
        }
        guard let connection = connections[id], !connection.postponed.isEmpty else { return false }
        connection.postponed.append(command)
        return true
    }

    /// Keeps a `basic.get` until its connection has taken what it was handed.
    mutating func postpone(_ get: BasicGet, on channel: BrokerChannel) {
        let connection = channel.connection
        connection.postponed.append(.method(connection.id, channel: channel.number, .basicGet(get)))
        guard !connection.isHeldBack else { return }
        connection.isHeldBack = true
        postponingCount += 1
        if !connection.isBlocked { directives.append(.pauseReading(connection.id)) }
    }

    /// Goes on with what waits, in order, until the client has again more than it takes.
    mutating func resume(_ connection: BrokerConnection) {
        guard connection.isHeldBack else { return }
        let waiting = connection.postponed
        connection.postponed = []
        for index in waiting.indices {
            perform(waiting[index])
            // It may have ended by that.
            guard connections[connection.id] != nil else { return }
            guard connection.postponed.isEmpty else {
                connection.postponed += waiting[(index + 1)...]
                return
            }
        }
        connection.isHeldBack = false
        postponingCount -= 1
        if !connection.isBlocked { directives.append(.resumeReading(connection.id)) }
    }

    /// The client has gone: what it did before counts, but for what it asked and will not hear.
    mutating func finishPostponed(_ connection: BrokerConnection) {
        let waiting = connection.postponed
        connection.postponed = []
        for command in waiting {
            if case .method(_, _, .basicGet) = command { continue }
            perform(command)
        }
    }
}
