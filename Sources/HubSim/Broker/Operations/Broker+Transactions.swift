import AMQP
import Octets

/// Class `tx` (AMQP 0-9-1 §1.9): publishes and acknowledgements take effect together, at the commit.
extension Broker {
    mutating func beginTransactions(on channel: BrokerChannel) throws(ProtocolError) {
        switch channel.mode {
        case .plain: channel.mode = .transactional(Transaction())
        case .transactional: break
        case .confirming:
            throw ProtocolError(.preconditionFailed, "cannot switch from confirm to tx mode")
        }
        reply(.txSelectOk, on: channel)
    }

    mutating func commit(on channel: BrokerChannel) throws(ProtocolError) {
        let transaction = try takeTransaction(of: channel)
        // Messages that no queue takes are given back now, before commit-ok.
        var isRefused = false
        for publish in transaction.publishes {
            if publish.isReturned {
                giveBack(publish.message, on: channel)
                continue
            }
            // As in RabbitMQ, which remembers names: a queue may have gone since, and another one may have taken its name.
            let queues = publish.queues.compactMap { $0.isDeleted ? $0.host.queues[$0.name] : $0 }
            if !deliver(publish.message, to: queues, isMandatory: publish.isMandatory, on: channel) { isRefused = true }
        }
        if !isRefused { reply(.txCommitOk, on: channel) }
        for settlement in transaction.settlements { settle(settlement.messages, settlement.outcome, on: channel) }
        // As in RabbitMQ: everything else has taken effect all the same.
        if isRefused { throw ProtocolError(.preconditionFailed, "partial tx completion") }
    }

    mutating func rollBack(on channel: BrokerChannel) throws(ProtocolError) {
        let transaction = try takeTransaction(of: channel)
        channel.unacked.restore(transaction.settlements.flatMap(\.messages))
        relieve()
        reply(.txRollbackOk, on: channel)
    }

    /// Keeps a publish for the commit.
    mutating func postpone(_ publish: Transaction.Publish, on channel: BrokerChannel) throws(ProtocolError) {
        guard case .transactional(var transaction) = channel.mode else {
            preconditionFailure("Cannot postpone a publish when the channel has no transaction")
        }
        // Taken out of the enum while it changes, so that it changes in place.
        channel.mode = .plain
        transaction.publishes.append(publish)
        transaction.publishedBytes += publish.sizeBytes
        memory.transactionBytes += publish.sizeBytes
        let isTooLarge =
            transaction.count > limits.transactionMax || transaction.publishedBytes > limits.transactionBytesMax
            || memory.transactionBytes > limits.transactionsBytesMax
        channel.mode = .transactional(transaction)
        if isTooLarge { throw ProtocolError(.preconditionFailed, "transaction is too large") }
    }

    /// Keeps acknowledgements for the commit.
    mutating func postpone(
        _ messages: [UnackedMessage],
        _ outcome: SettlementOutcome,
        on channel: BrokerChannel
    ) throws(ProtocolError) {
        guard case .transactional(var transaction) = channel.mode else {
            preconditionFailure("Cannot postpone acknowledgements when the channel has no transaction")
        }
        channel.mode = .plain
        transaction.append(messages, outcome)
        let isTooLarge = transaction.count > limits.transactionMax
        channel.mode = .transactional(transaction)
        if isTooLarge { throw ProtocolError(.preconditionFailed, "transaction is too large") }
    }

    /// Takes what has gathered; the next transaction begins at once.
    private mutating func takeTransaction(of channel: BrokerChannel) throws(ProtocolError) -> Transaction {
        guard case .transactional(let transaction) = channel.mode else {
            throw ProtocolError(.preconditionFailed, "channel is not transactional")
        }
        memory.transactionBytes -= transaction.publishedBytes
        channel.mode = .transactional(Transaction())
        return transaction
    }
}
