import AMQP
import Octets

/// Methods of class `channel` (AMQP 0-9-1 §1.5).
extension Broker {
    mutating func openChannel(_ number: UInt16, of connection: BrokerConnection) {
        guard connection.channel(number) == nil else {
            return fail(
                connection,
                ProtocolError(.channelError, "second 'channel.open' seen", method: MethodID.channelOpen)
            )
        }
        // RabbitMQ counts the channels and does not look at their numbers.
        guard connection.channels.count < connection.profile.channelMax else {
            // It names no method: the channel that would is not there.
            let error = ProtocolError(
                .notAllowed,
                "number of channels opened (\(connection.channels.count)) has reached the negotiated channel_max"
                    + " (\(connection.profile.channelMax))"
            )
            return fail(connection, error)
        }
        guard memory.definitionBytes + DefinitionCost.channelBytes <= limits.definitionBytesMax else {
            let error = ProtocolError(
                .resourceError,
                "memory for definitions (\(limits.definitionBytesMax) bytes) is used up",
                method: MethodID.channelOpen
            )
            return fail(connection, error)
        }
        memory.definitionBytes += DefinitionCost.channelBytes
        let channel = BrokerChannel(number: number, connection: connection)
        connection.add(channel)
        counters.channelsOpened += 1
        reply(.channelOpenOk, on: channel)
    }

    /// The client closes a channel, or both sides close it at the same time.
    mutating func closeChannel(_ number: UInt16, of connection: BrokerConnection) {
        guard let channel = connection.channel(number) else {
            let error = ProtocolError(.channelError, "expected 'channel.open'", method: ChannelClose.id)
            return fail(connection, error)
        }
        sayConfirms(of: channel)
        directives.append(.send(connection.id, channel: number, .channelCloseOk))
        // Where our own close is under way, its close-ok is still to come and ends the channel.
        if channel.isClosing { return }
        release(channel)
        forget(channel)
    }

    /// The client has understood our close.
    mutating func channelClosed(_ number: UInt16, of connection: BrokerConnection) {
        guard let channel = connection.channel(number) else {
            let error = ProtocolError(.channelError, "expected 'channel.open'", method: .channelCloseOk)
            return fail(connection, error)
        }
        if channel.isClosing { forget(channel) }
    }

    /// Takes a channel out of the books.
    private mutating func forget(_ channel: BrokerChannel) {
        memory.definitionBytes -= DefinitionCost.channelBytes
        channel.connection.removeChannel(channel.number)
    }

    /// `channel.flow`: to stop the hub's deliveries is not implemented, as in RabbitMQ since 3.3.
    mutating func receive(_ flow: ChannelFlow, on channel: BrokerChannel) throws(ProtocolError) {
        guard flow.active else { throw ProtocolError(.notImplemented, "active=false") }
        reply(.channelFlowOk(ChannelFlowOk(active: true)), on: channel)
    }

    /// Ends all that a channel has under way: consumers go, unacknowledged messages go back, a transaction is undone.
    mutating func release(_ channel: BrokerChannel) { release([channel]) }

    /// Ends all that channels of one connection have under way. The consumers of all of them go first, so that nothing
    /// that one channel gives back is handed to another one that is about to go.
    mutating func release(_ channels: [BrokerChannel]) {
        var consumers: [Consumer] = []
        for channel in channels { consumers += endConsumers(of: channel) }
        // Before anything comes back: a queue that goes with its last consumer dead-letters nothing, as in RabbitMQ.
        for consumer in consumers { deleteIfUnused(consumer.queue) }
        for channel in channels { giveBack(channel) }
        // The end of one may have made another one the single active consumer.
        for consumer in consumers { serve(consumer.queue) }
        relieve()
    }

    /// Takes a channel's consumers out of their queues.
    private mutating func endConsumers(of channel: BrokerChannel) -> [Consumer] {
        if !channel.isReleased { counters.channelsEnded += 1 }
        channel.isReleased = true
        if let address = channel.directReply?.address { directReplies[address] = nil }
        channel.directReply = nil
        let consumers = channel.consumers.values.sorted(byOctetsOf: \.tag)
        channel.consumers.removeAll()
        channel.parked.removeAll()
        channel.lastRoute = nil
        detach(consumers)
        return consumers
    }

    /// Undoes a channel's transaction and gives its unacknowledged messages back to their queues.
    private mutating func giveBack(_ channel: BrokerChannel) {
        if case .transactional(let transaction) = channel.mode {
            channel.unacked.restore(transaction.settlements.flatMap(\.messages))
            memory.transactionBytes -= transaction.publishedBytes
        }
        channel.mode = .plain
        putBack(channel.unacked.removeAll(through: 0) ?? [], on: channel)
    }
}

extension MethodID {
    /// `channel.open`, which has no arguments and so no type of its own.
    static let channelOpen = MethodID(classID: 20, methodID: 10)
    /// `channel.close-ok`, likewise.
    static let channelCloseOk = MethodID(classID: 20, methodID: 41)
}
