import AMQP
import Octets

/// Connections: their end, and how much they may be handed.
extension Broker {
    /// Takes a connection out with everything that is its own: channels, consumers, exclusive queues. What it held
    /// unacknowledged goes back to its queues.
    mutating func remove(_ connection: BrokerConnection) {
        forget(connection.id)
        connection.postponed = []
        if connection.isHeldBack {
            connection.isHeldBack = false
            postponingCount -= 1
        }
        release(connection.channels.values.sorted { $0.number < $1.number })
        memory.definitionBytes -= connection.channels.count * DefinitionCost.channelBytes
        memory.definitionBytes -= DefinitionCost.connection(connection.profile)
        connection.removeChannels()
        for queue in connection.exclusiveQueues.values.sorted(byOctetsOf: \.name) { delete(queue) }
        connection.exclusiveQueues.removeAll()
    }

    /// Ends all connections (`connection.close` 320) and with them everything exclusive, in the order in which they came.
    package mutating func endConnections(_ reason: String, at now: Instant) {
        self.now = now
        for connection in connections.values.sorted(by: { $0.id.rawValue < $1.id.rawValue }) {
            fail(connection, ProtocolError(.connectionForced, reason))
        }
        workOffDeadLetters()
    }

    /// Ends one connection for a reason from outside (an operator, a fault).
    package mutating func end(_ id: ConnectionID, _ error: ProtocolError, at now: Instant) {
        self.now = now
        guard let connection = connections[id] else { return }
        fail(connection, error)
        workOffDeadLetters()
    }

    /// What was handed out is on its way: consumers that waited for that go on.
    mutating func drained(_ connection: BrokerConnection) {
        connection.outboundBytes = 0
        guard connection.isCongested else { return }
        connection.isCongested = false
        // Before its consumers, who might never leave room for it.
        resume(connection)
        guard !connection.isCongested else { return }
        // By number, so that the same commands give the same directives.
        let waiting = connection.channels.values.filter { !$0.parked.isEmpty }
        for channel in waiting.sorted(by: { $0.number < $1.number }) { unpark(channel) }
    }

    /// Notes that a message is handed to a connection; past the limit its consumers are not served.
    mutating func handedOut(_ message: Message, to connection: BrokerConnection) {
        connection.outboundBytes += message.sizeBytes
        guard connection.outboundBytes >= limits.outboundBytesHigh, !connection.isCongested else { return }
        connection.isCongested = true
        directives.append(.tellWhenDrained(connection.id))
    }
}
