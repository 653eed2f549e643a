import AMQP

/// Publisher confirms (RabbitMQ's class `confirm`).
extension Broker {
    mutating func select(_ select: ConfirmSelect, on channel: BrokerChannel) throws(ProtocolError) {
        switch channel.mode {
        case .plain: channel.mode = .confirming(Confirms())
        case .confirming: break
        case .transactional:
            throw ProtocolError(.preconditionFailed, "cannot switch from tx to confirm mode")
        }
        if !select.noWait { reply(.confirmSelectOk, on: channel) }
    }

    /// Notes that a publish is settled. Confirms wait for the end of the batch, refusals go out at once.
    mutating func settle(_ sequence: UInt64, isTaken: Bool, _ confirms: inout Confirms, on channel: BrokerChannel) {
        if isTaken {
            if !confirms.isPending { confirming.append(channel) }
            confirms.settle(sequence)
            return
        }
        if let range = confirms.take() { say(range, on: channel) }
        directives.append(.refuse(channel.connection.id, channel: channel.number, sequence: sequence))
    }

    /// Says all confirms that have gathered.
    mutating func sayConfirms() {
        guard !confirming.isEmpty else { return }
        for channel in confirming { sayConfirms(of: channel) }
        confirming.removeAll(keepingCapacity: true)
    }

    /// Says the confirms of one channel, so that what comes next on it does not overtake them.
    mutating func sayConfirms(of channel: BrokerChannel) {
        guard case .confirming(var confirms) = channel.mode, let range = confirms.take() else { return }
        channel.mode = .confirming(confirms)
        say(range, on: channel)
    }

    private mutating func say(_ range: ClosedRange<UInt64>, on channel: BrokerChannel) {
        counters.confirmed += UInt64(range.count)
        directives.append(
            .confirm(
                channel.connection.id,
                channel: channel.number,
                first: range.lowerBound,
                last: range.upperBound
            )
        )
    }
}
