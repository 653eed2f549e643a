import AMQP

/// Which operation a method is.
extension Broker {
    mutating func receive(_ method: Method, channel number: UInt16, of connection: BrokerConnection) {
        switch method {
        case .channelOpen: openChannel(number, of: connection)
        case .channelClose: closeChannel(number, of: connection)
        case .channelCloseOk: channelClosed(number, of: connection)
        default:
            onChannel(number, of: connection.id, method: method.id) { broker, channel throws(ProtocolError) in
                try broker.receive(method, on: channel)
            }
        }
    }

    private mutating func receive(_ method: Method, on channel: BrokerChannel) throws(ProtocolError) {
        switch method {
        case .channelOpen, .channelClose, .channelCloseOk:
            preconditionFailure("Cannot open or close a channel as an operation on it")
        case .channelFlow(let flow): try receive(flow, on: channel)
        case .accessRequest: reply(.accessRequestOk(AccessRequestOk(ticket: 1)), on: channel)
        case .exchangeDeclare(let declare): try self.declare(declare, on: channel)
        case .exchangeDelete(let delete): try self.delete(delete, on: channel)
        case .exchangeBind(let bind): try self.bind(bind, on: channel)
        case .exchangeUnbind(let unbind): try self.unbind(unbind, on: channel)
        case .queueDeclare(let declare): try self.declare(declare, on: channel)
        case .queueBind(let bind): try self.bind(bind, on: channel)
        case .queueUnbind(let unbind): try self.unbind(unbind, on: channel)
        case .queuePurge(let purge): try self.purge(purge, on: channel)
        case .queueDelete(let delete): try self.delete(delete, on: channel)
        case .basicQos(let qos): try self.limit(qos, on: channel)
        case .basicConsume(let consume): try self.consume(consume, on: channel)
        case .basicCancel(let cancel): self.cancel(cancel, on: channel)
        case .basicGet(let get): try self.get(get, on: channel)
        case .basicAck(let ack):
            try settle(ack.deliveryTag, isMultiple: ack.multiple, .acknowledged, on: channel)
        case .basicReject(let reject):
            let outcome: SettlementOutcome = reject.requeue ? .requeued : .rejected
            try settle(reject.deliveryTag, isMultiple: false, outcome, on: channel)
        case .basicNack(let nack):
            let outcome: SettlementOutcome = nack.requeue ? .requeued : .rejected
            try settle(nack.deliveryTag, isMultiple: nack.multiple, outcome, on: channel)
        case .basicRecover(let recover): try self.recover(isRequeue: recover.requeue, isAnswered: true, on: channel)
        case .basicRecoverAsync(let recover):
            try self.recover(isRequeue: recover.requeue, isAnswered: false, on: channel)
        case .confirmSelect(let select): try self.select(select, on: channel)
        case .txSelect: try beginTransactions(on: channel)
        case .txCommit: try commit(on: channel)
        case .txRollback: try rollBack(on: channel)
        case .basicPublish: preconditionFailure("Cannot take a publish without its content")
        case .connectionStart, .connectionStartOk, .connectionSecure, .connectionSecureOk, .connectionTune,
            .connectionTuneOk, .connectionOpen, .connectionOpenOk, .connectionClose, .connectionCloseOk,
            .connectionBlocked, .connectionUnblocked, .connectionUpdateSecret, .connectionUpdateSecretOk,
            .channelOpenOk, .channelFlowOk, .accessRequestOk, .exchangeDeclareOk, .exchangeDeleteOk, .exchangeBindOk,
            .exchangeUnbindOk, .queueDeclareOk, .queueBindOk, .queuePurgeOk, .queueDeleteOk, .queueUnbindOk,
            .basicQosOk, .basicConsumeOk, .basicCancelOk, .basicReturn, .basicDeliver, .basicGetOk, .basicGetEmpty,
            .basicRecoverOk,
            .confirmSelectOk, .txSelectOk, .txCommitOk, .txRollbackOk:
            throw ProtocolError(.commandInvalid, "unimplemented method")
        }
    }
}
