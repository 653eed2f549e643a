// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

// One long table: the cases and what the numbers of a method lead to.

/// A method with its arguments (AMQP 0-9-1 §4.2.4): one case for each, named by class and method.
///
///     let method = Method.queueDeclare(QueueDeclare(queue: "storage_service", durable: true))
public enum Method: Sendable, Hashable {
    /// `connection.start` (10, 10), from the server: opens the negotiation: what the server is and how one may log in.
    case connectionStart(ConnectionStart)
    /// `connection.start-ok` (10, 11), from the client: chooses mechanism and locale, and says what the client is.
    case connectionStartOk(ConnectionStartOk)
    /// `connection.secure` (10, 20), from the server: asks for more, where the mechanism takes several steps.
    case connectionSecure(ConnectionSecure)
    /// `connection.secure-ok` (10, 21), from the client: answers the challenge.
    case connectionSecureOk(ConnectionSecureOk)
    /// `connection.tune` (10, 30), from the server: proposes limits; 0 means none.
    case connectionTune(ConnectionTune)
    /// `connection.tune-ok` (10, 31), from the client: settles the limits, none above what was proposed.
    case connectionTuneOk(ConnectionTuneOk)
    /// `connection.open` (10, 40), from the client: chooses the virtual host.
    case connectionOpen(ConnectionOpen)
    /// `connection.open-ok` (10, 41), from the server: the connection is ready.
    case connectionOpenOk
    /// `connection.close` (10, 50), from the client or the server: says why this side wants to close; nothing but `close-ok` may follow.
    case connectionClose(ConnectionClose)
    /// `connection.close-ok` (10, 51), from the client or the server: the socket may be closed.
    case connectionCloseOk
    /// `connection.blocked` (10, 60), from the server: publishing is throttled; only for clients with the capability `connection.blocked`.
    case connectionBlocked(ConnectionBlocked)
    /// `connection.unblocked` (10, 61), from the server: publishing goes on.
    case connectionUnblocked
    /// `connection.update-secret` (10, 70), from the client: replaces a credential that is about to expire.
    case connectionUpdateSecret(ConnectionUpdateSecret)
    /// `connection.update-secret-ok` (10, 71), from the server: the new credential holds.
    case connectionUpdateSecretOk
    /// `channel.open` (20, 10), from the client: opens the channel of the frame's number.
    case channelOpen
    /// `channel.open-ok` (20, 11), from the server: the channel is ready.
    case channelOpenOk
    /// `channel.flow` (20, 20), from the client or the server: asks the other side to stop or restart sending content.
    case channelFlow(ChannelFlow)
    /// `channel.flow-ok` (20, 21), from the client or the server: confirms what `flow` asked for.
    case channelFlowOk(ChannelFlowOk)
    /// `channel.close` (20, 40), from the client or the server: says why this side wants to close the channel.
    case channelClose(ChannelClose)
    /// `channel.close-ok` (20, 41), from the client or the server: the channel's number is free.
    case channelCloseOk
    /// `access.request` (30, 10), from the client: asks for an access ticket; kept for clients of 0-8 and 0-9.
    case accessRequest(AccessRequest)
    /// `access.request-ok` (30, 11), from the server: gives a ticket that nobody looks at.
    case accessRequestOk(AccessRequestOk)
    /// `exchange.declare` (40, 10), from the client: creates an exchange, or verifies that it is as described.
    case exchangeDeclare(ExchangeDeclare)
    /// `exchange.declare-ok` (40, 11), from the server: the exchange is there.
    case exchangeDeclareOk
    /// `exchange.delete` (40, 20), from the client: deletes an exchange.
    case exchangeDelete(ExchangeDelete)
    /// `exchange.delete-ok` (40, 21), from the server: the exchange is gone.
    case exchangeDeleteOk
    /// `exchange.bind` (40, 30), from the client: routes from one exchange to another.
    case exchangeBind(ExchangeBind)
    /// `exchange.bind-ok` (40, 31), from the server: the binding is there.
    case exchangeBindOk
    /// `exchange.unbind` (40, 40), from the client: removes a route between exchanges.
    case exchangeUnbind(ExchangeUnbind)
    /// `exchange.unbind-ok` (40, 51), from the server: the binding is gone (51, not 41: an old slip that became the standard).
    case exchangeUnbindOk
    /// `queue.declare` (50, 10), from the client: creates a queue, or verifies that it is as described.
    case queueDeclare(QueueDeclare)
    /// `queue.declare-ok` (50, 11), from the server: the queue is there.
    case queueDeclareOk(QueueDeclareOk)
    /// `queue.bind` (50, 20), from the client: routes from an exchange to a queue.
    case queueBind(QueueBind)
    /// `queue.bind-ok` (50, 21), from the server: the binding is there.
    case queueBindOk
    /// `queue.purge` (50, 30), from the client: drops every message that is ready.
    case queuePurge(QueuePurge)
    /// `queue.purge-ok` (50, 31), from the server: the messages are gone.
    case queuePurgeOk(QueuePurgeOk)
    /// `queue.delete` (50, 40), from the client: deletes a queue.
    case queueDelete(QueueDelete)
    /// `queue.delete-ok` (50, 41), from the server: the queue is gone.
    case queueDeleteOk(QueueDeleteOk)
    /// `queue.unbind` (50, 50), from the client: removes a route to a queue; it has no `no-wait`.
    case queueUnbind(QueueUnbind)
    /// `queue.unbind-ok` (50, 51), from the server: the binding is gone.
    case queueUnbindOk
    /// `basic.qos` (60, 10), from the client: limits how much may be delivered without acknowledgement.
    case basicQos(BasicQos)
    /// `basic.qos-ok` (60, 11), from the server: the limit holds.
    case basicQosOk
    /// `basic.consume` (60, 20), from the client: starts a consumer.
    case basicConsume(BasicConsume)
    /// `basic.consume-ok` (60, 21), from the server: the consumer is there.
    case basicConsumeOk(BasicConsumeOk)
    /// `basic.cancel` (60, 30), from the client or the server: ends a consumer; from the server, only for clients with `consumer_cancel_notify`.
    case basicCancel(BasicCancel)
    /// `basic.cancel-ok` (60, 31), from the client or the server: the consumer is gone.
    case basicCancelOk(BasicCancelOk)
    /// `basic.publish` (60, 40), from the client: brings a message.
    case basicPublish(BasicPublish)
    /// `basic.return` (60, 50), from the server: brings back a message that was mandatory and could not be routed.
    case basicReturn(BasicReturn)
    /// `basic.deliver` (60, 60), from the server: brings a message to a consumer.
    case basicDeliver(BasicDeliver)
    /// `basic.get` (60, 70), from the client: asks for one message.
    case basicGet(BasicGet)
    /// `basic.get-ok` (60, 71), from the server: brings that message.
    case basicGetOk(BasicGetOk)
    /// `basic.get-empty` (60, 72), from the server: the queue had none.
    case basicGetEmpty
    /// `basic.ack` (60, 80), from the client or the server: acknowledges deliveries or, from the server, confirms publishes.
    case basicAck(BasicAck)
    /// `basic.reject` (60, 90), from the client: refuses one delivery.
    case basicReject(BasicReject)
    /// `basic.recover-async` (60, 100), from the client: as `recover`, unanswered; deprecated.
    case basicRecoverAsync(BasicRecoverAsync)
    /// `basic.recover` (60, 110), from the client: asks for everything unacknowledged to be delivered again.
    case basicRecover(BasicRecover)
    /// `basic.recover-ok` (60, 111), from the server: redelivery is under way.
    case basicRecoverOk
    /// `basic.nack` (60, 120), from the client or the server: refuses deliveries or, from the server, publishes.
    case basicNack(BasicNack)
    /// `confirm.select` (85, 10), from the client: puts the channel into confirm mode.
    case confirmSelect(ConfirmSelect)
    /// `confirm.select-ok` (85, 11), from the server: the channel confirms.
    case confirmSelectOk
    /// `tx.select` (90, 10), from the client: puts the channel into transaction mode.
    case txSelect
    /// `tx.select-ok` (90, 11), from the server: the channel has transactions.
    case txSelectOk
    /// `tx.commit` (90, 20), from the client: commits, and begins anew.
    case txCommit
    /// `tx.commit-ok` (90, 21), from the server: the commit is done.
    case txCommitOk
    /// `tx.rollback` (90, 30), from the client: abandons, and begins anew.
    case txRollback
    /// `tx.rollback-ok` (90, 31), from the server: the rollback is done.
    case txRollbackOk
}

extension Method {
    /// Class and method number.
    public var id: MethodID {
        switch self {
        case .connectionStart: MethodID(classID: 10, methodID: 10)
        case .connectionStartOk: MethodID(classID: 10, methodID: 11)
        case .connectionSecure: MethodID(classID: 10, methodID: 20)
        case .connectionSecureOk: MethodID(classID: 10, methodID: 21)
        case .connectionTune: MethodID(classID: 10, methodID: 30)
        case .connectionTuneOk: MethodID(classID: 10, methodID: 31)
        case .connectionOpen: MethodID(classID: 10, methodID: 40)
        case .connectionOpenOk: MethodID(classID: 10, methodID: 41)
        case .connectionClose: MethodID(classID: 10, methodID: 50)
        case .connectionCloseOk: MethodID(classID: 10, methodID: 51)
        case .connectionBlocked: MethodID(classID: 10, methodID: 60)
        case .connectionUnblocked: MethodID(classID: 10, methodID: 61)
        case .connectionUpdateSecret: MethodID(classID: 10, methodID: 70)
        case .connectionUpdateSecretOk: MethodID(classID: 10, methodID: 71)
        case .channelOpen: MethodID(classID: 20, methodID: 10)
        case .channelOpenOk: MethodID(classID: 20, methodID: 11)
        case .channelFlow: MethodID(classID: 20, methodID: 20)
        case .channelFlowOk: MethodID(classID: 20, methodID: 21)
        case .channelClose: MethodID(classID: 20, methodID: 40)
        case .channelCloseOk: MethodID(classID: 20, methodID: 41)
        case .accessRequest: MethodID(classID: 30, methodID: 10)
        case .accessRequestOk: MethodID(classID: 30, methodID: 11)
        case .exchangeDeclare: MethodID(classID: 40, methodID: 10)
        case .exchangeDeclareOk: MethodID(classID: 40, methodID: 11)
        case .exchangeDelete: MethodID(classID: 40, methodID: 20)
        case .exchangeDeleteOk: MethodID(classID: 40, methodID: 21)
        case .exchangeBind: MethodID(classID: 40, methodID: 30)
        case .exchangeBindOk: MethodID(classID: 40, methodID: 31)
        case .exchangeUnbind: MethodID(classID: 40, methodID: 40)
        case .exchangeUnbindOk: MethodID(classID: 40, methodID: 51)
        case .queueDeclare: MethodID(classID: 50, methodID: 10)
        case .queueDeclareOk: MethodID(classID: 50, methodID: 11)
        case .queueBind: MethodID(classID: 50, methodID: 20)
        case .queueBindOk: MethodID(classID: 50, methodID: 21)
        case .queuePurge: MethodID(classID: 50, methodID: 30)
        case .queuePurgeOk: MethodID(classID: 50, methodID: 31)
        case .queueDelete: MethodID(classID: 50, methodID: 40)
        case .queueDeleteOk: MethodID(classID: 50, methodID: 41)
        case .queueUnbind: MethodID(classID: 50, methodID: 50)
        case .queueUnbindOk: MethodID(classID: 50, methodID: 51)
        case .basicQos: MethodID(classID: 60, methodID: 10)
        case .basicQosOk: MethodID(classID: 60, methodID: 11)
        case .basicConsume: MethodID(classID: 60, methodID: 20)
        case .basicConsumeOk: MethodID(classID: 60, methodID: 21)
        case .basicCancel: MethodID(classID: 60, methodID: 30)
        case .basicCancelOk: MethodID(classID: 60, methodID: 31)
        case .basicPublish: MethodID(classID: 60, methodID: 40)
        case .basicReturn: MethodID(classID: 60, methodID: 50)
        case .basicDeliver: MethodID(classID: 60, methodID: 60)
        case .basicGet: MethodID(classID: 60, methodID: 70)
        case .basicGetOk: MethodID(classID: 60, methodID: 71)
        case .basicGetEmpty: MethodID(classID: 60, methodID: 72)
        case .basicAck: MethodID(classID: 60, methodID: 80)
        case .basicReject: MethodID(classID: 60, methodID: 90)
        case .basicRecoverAsync: MethodID(classID: 60, methodID: 100)
        case .basicRecover: MethodID(classID: 60, methodID: 110)
        case .basicRecoverOk: MethodID(classID: 60, methodID: 111)
        case .basicNack: MethodID(classID: 60, methodID: 120)
        case .confirmSelect: MethodID(classID: 85, methodID: 10)
        case .confirmSelectOk: MethodID(classID: 85, methodID: 11)
        case .txSelect: MethodID(classID: 90, methodID: 10)
        case .txSelectOk: MethodID(classID: 90, methodID: 11)
        case .txCommit: MethodID(classID: 90, methodID: 20)
        case .txCommitOk: MethodID(classID: 90, methodID: 21)
        case .txRollback: MethodID(classID: 90, methodID: 30)
        case .txRollbackOk: MethodID(classID: 90, methodID: 31)
        }
    }

    /// The name, such as `queue.declare`.
    public var name: String {
        switch self {
        case .connectionStart: "connection.start"
        case .connectionStartOk: "connection.start-ok"
        case .connectionSecure: "connection.secure"
        case .connectionSecureOk: "connection.secure-ok"
        case .connectionTune: "connection.tune"
        case .connectionTuneOk: "connection.tune-ok"
        case .connectionOpen: "connection.open"
        case .connectionOpenOk: "connection.open-ok"
        case .connectionClose: "connection.close"
        case .connectionCloseOk: "connection.close-ok"
        case .connectionBlocked: "connection.blocked"
        case .connectionUnblocked: "connection.unblocked"
        case .connectionUpdateSecret: "connection.update-secret"
        case .connectionUpdateSecretOk: "connection.update-secret-ok"
        case .channelOpen: "channel.open"
        case .channelOpenOk: "channel.open-ok"
        case .channelFlow: "channel.flow"
        case .channelFlowOk: "channel.flow-ok"
        case .channelClose: "channel.close"
        case .channelCloseOk: "channel.close-ok"
        case .accessRequest: "access.request"
        case .accessRequestOk: "access.request-ok"
        case .exchangeDeclare: "exchange.declare"
        case .exchangeDeclareOk: "exchange.declare-ok"
        case .exchangeDelete: "exchange.delete"
        case .exchangeDeleteOk: "exchange.delete-ok"
        case .exchangeBind: "exchange.bind"
        case .exchangeBindOk: "exchange.bind-ok"
        case .exchangeUnbind: "exchange.unbind"
        case .exchangeUnbindOk: "exchange.unbind-ok"
        case .queueDeclare: "queue.declare"
        case .queueDeclareOk: "queue.declare-ok"
        case .queueBind: "queue.bind"
        case .queueBindOk: "queue.bind-ok"
        case .queuePurge: "queue.purge"
        case .queuePurgeOk: "queue.purge-ok"
        case .queueDelete: "queue.delete"
        case .queueDeleteOk: "queue.delete-ok"
        case .queueUnbind: "queue.unbind"
        case .queueUnbindOk: "queue.unbind-ok"
        case .basicQos: "basic.qos"
        case .basicQosOk: "basic.qos-ok"
        case .basicConsume: "basic.consume"
        case .basicConsumeOk: "basic.consume-ok"
        case .basicCancel: "basic.cancel"
        case .basicCancelOk: "basic.cancel-ok"
        case .basicPublish: "basic.publish"
        case .basicReturn: "basic.return"
        case .basicDeliver: "basic.deliver"
        case .basicGet: "basic.get"
        case .basicGetOk: "basic.get-ok"
        case .basicGetEmpty: "basic.get-empty"
        case .basicAck: "basic.ack"
        case .basicReject: "basic.reject"
        case .basicRecoverAsync: "basic.recover-async"
        case .basicRecover: "basic.recover"
        case .basicRecoverOk: "basic.recover-ok"
        case .basicNack: "basic.nack"
        case .confirmSelect: "confirm.select"
        case .confirmSelectOk: "confirm.select-ok"
        case .txSelect: "tx.select"
        case .txSelectOk: "tx.select-ok"
        case .txCommit: "tx.commit"
        case .txCommitOk: "tx.commit-ok"
        case .txRollback: "tx.rollback"
        case .txRollbackOk: "tx.rollback-ok"
        }
    }

    /// Whether a content header and body follow (§4.2.6).
    public var carriesContent: Bool {
        switch self {
        case .basicPublish, .basicReturn, .basicDeliver, .basicGetOk: true
        case .connectionStart, .connectionStartOk, .connectionSecure, .connectionSecureOk, .connectionTune,
            .connectionTuneOk, .connectionOpen, .connectionOpenOk, .connectionClose, .connectionCloseOk,
            .connectionBlocked, .connectionUnblocked, .connectionUpdateSecret, .connectionUpdateSecretOk, .channelOpen,
            .channelOpenOk, .channelFlow, .channelFlowOk, .channelClose, .channelCloseOk, .accessRequest,
            .accessRequestOk, .exchangeDeclare, .exchangeDeclareOk, .exchangeDelete, .exchangeDeleteOk, .exchangeBind,
            .exchangeBindOk, .exchangeUnbind, .exchangeUnbindOk, .queueDeclare, .queueDeclareOk, .queueBind,
            .queueBindOk, .queuePurge, .queuePurgeOk, .queueDelete, .queueDeleteOk, .queueUnbind, .queueUnbindOk,
            .basicQos, .basicQosOk, .basicConsume, .basicConsumeOk, .basicCancel, .basicCancelOk, .basicGet,
            .basicGetEmpty, .basicAck, .basicReject, .basicRecoverAsync, .basicRecover, .basicRecoverOk, .basicNack,
            .confirmSelect, .confirmSelectOk, .txSelect, .txSelectOk, .txCommit, .txCommitOk, .txRollback,
            .txRollbackOk:
            false
        }
    }

    /// Whether a client may send it.
    public var isFromClient: Bool {
        switch self {
        case .connectionStartOk, .connectionSecureOk, .connectionTuneOk, .connectionOpen, .connectionClose,
            .connectionCloseOk, .connectionUpdateSecret, .channelOpen, .channelFlow, .channelFlowOk, .channelClose,
            .channelCloseOk, .accessRequest, .exchangeDeclare, .exchangeDelete, .exchangeBind, .exchangeUnbind,
            .queueDeclare, .queueBind, .queuePurge, .queueDelete, .queueUnbind, .basicQos, .basicConsume, .basicCancel,
            .basicCancelOk, .basicPublish, .basicGet, .basicAck, .basicReject, .basicRecoverAsync, .basicRecover,
            .basicNack, .confirmSelect, .txSelect, .txCommit, .txRollback:
            true
        case .connectionStart, .connectionSecure, .connectionTune, .connectionOpenOk, .connectionBlocked,
            .connectionUnblocked, .connectionUpdateSecretOk, .channelOpenOk, .accessRequestOk, .exchangeDeclareOk,
            .exchangeDeleteOk, .exchangeBindOk, .exchangeUnbindOk, .queueDeclareOk, .queueBindOk, .queuePurgeOk,
            .queueDeleteOk, .queueUnbindOk, .basicQosOk, .basicConsumeOk, .basicReturn, .basicDeliver, .basicGetOk,
            .basicGetEmpty, .basicRecoverOk, .confirmSelectOk, .txSelectOk, .txCommitOk, .txRollbackOk:
            false
        }
    }

    /// Whether a server may send it.
    public var isFromServer: Bool {
        switch self {
        case .connectionStart, .connectionSecure, .connectionTune, .connectionOpenOk, .connectionClose,
            .connectionCloseOk, .connectionBlocked, .connectionUnblocked, .connectionUpdateSecretOk, .channelOpenOk,
            .channelFlow, .channelFlowOk, .channelClose, .channelCloseOk, .accessRequestOk, .exchangeDeclareOk,
            .exchangeDeleteOk, .exchangeBindOk, .exchangeUnbindOk, .queueDeclareOk, .queueBindOk, .queuePurgeOk,
            .queueDeleteOk, .queueUnbindOk, .basicQosOk, .basicConsumeOk, .basicCancel, .basicCancelOk, .basicReturn,
            .basicDeliver, .basicGetOk, .basicGetEmpty, .basicAck, .basicRecoverOk, .basicNack, .confirmSelectOk,
            .txSelectOk, .txCommitOk, .txRollbackOk:
            true
        case .connectionStartOk, .connectionSecureOk, .connectionTuneOk, .connectionOpen, .connectionUpdateSecret,
            .channelOpen, .accessRequest, .exchangeDeclare, .exchangeDelete, .exchangeBind, .exchangeUnbind,
            .queueDeclare, .queueBind, .queuePurge, .queueDelete, .queueUnbind, .basicQos, .basicConsume, .basicPublish,
            .basicGet, .basicReject, .basicRecoverAsync, .basicRecover, .confirmSelect, .txSelect, .txCommit,
            .txRollback:
            false
        }
    }

    /// The arguments of the method with these numbers; nil if there is no such method.
    static func decode(_ id: MethodID, _ reader: inout FieldReader) throws(ProtocolError) -> Method? {
        switch id.packed {
        case 0x000A_000A: return .connectionStart(try ConnectionStart(decoding: &reader))
        case 0x000A_000B: return .connectionStartOk(try ConnectionStartOk(decoding: &reader))
        case 0x000A_0014: return .connectionSecure(try ConnectionSecure(decoding: &reader))
        case 0x000A_0015: return .connectionSecureOk(try ConnectionSecureOk(decoding: &reader))
        case 0x000A_001E: return .connectionTune(try ConnectionTune(decoding: &reader))
        case 0x000A_001F: return .connectionTuneOk(try ConnectionTuneOk(decoding: &reader))
        case 0x000A_0028: return .connectionOpen(try ConnectionOpen(decoding: &reader))
        case 0x000A_0029:
            try reader.skipShortString("reserved-1")
            return .connectionOpenOk
        case 0x000A_0032: return .connectionClose(try ConnectionClose(decoding: &reader))
        case 0x000A_0033:
            return .connectionCloseOk
        case 0x000A_003C: return .connectionBlocked(try ConnectionBlocked(decoding: &reader))
        case 0x000A_003D:
            return .connectionUnblocked
        case 0x000A_0046: return .connectionUpdateSecret(try ConnectionUpdateSecret(decoding: &reader))
        case 0x000A_0047:
            return .connectionUpdateSecretOk
        case 0x0014_000A:
            try reader.skipShortString("reserved-1")
            return .channelOpen
        case 0x0014_000B:
            try reader.skipLongString("reserved-1")
            return .channelOpenOk
        case 0x0014_0014: return .channelFlow(try ChannelFlow(decoding: &reader))
        case 0x0014_0015: return .channelFlowOk(try ChannelFlowOk(decoding: &reader))
        case 0x0014_0028: return .channelClose(try ChannelClose(decoding: &reader))
        case 0x0014_0029:
            return .channelCloseOk
        case 0x001E_000A: return .accessRequest(try AccessRequest(decoding: &reader))
        case 0x001E_000B: return .accessRequestOk(try AccessRequestOk(decoding: &reader))
        case 0x0028_000A: return .exchangeDeclare(try ExchangeDeclare(decoding: &reader))
        case 0x0028_000B:
            return .exchangeDeclareOk
        case 0x0028_0014: return .exchangeDelete(try ExchangeDelete(decoding: &reader))
        case 0x0028_0015:
            return .exchangeDeleteOk
        case 0x0028_001E: return .exchangeBind(try ExchangeBind(decoding: &reader))
        case 0x0028_001F:
            return .exchangeBindOk
        case 0x0028_0028: return .exchangeUnbind(try ExchangeUnbind(decoding: &reader))
        case 0x0028_0033:
            return .exchangeUnbindOk
        case 0x0032_000A: return .queueDeclare(try QueueDeclare(decoding: &reader))
        case 0x0032_000B: return .queueDeclareOk(try QueueDeclareOk(decoding: &reader))
        case 0x0032_0014: return .queueBind(try QueueBind(decoding: &reader))
        case 0x0032_0015:
            return .queueBindOk
        case 0x0032_001E: return .queuePurge(try QueuePurge(decoding: &reader))
        case 0x0032_001F: return .queuePurgeOk(try QueuePurgeOk(decoding: &reader))
        case 0x0032_0028: return .queueDelete(try QueueDelete(decoding: &reader))
        case 0x0032_0029: return .queueDeleteOk(try QueueDeleteOk(decoding: &reader))
        case 0x0032_0032: return .queueUnbind(try QueueUnbind(decoding: &reader))
        case 0x0032_0033:
            return .queueUnbindOk
        case 0x003C_000A: return .basicQos(try BasicQos(decoding: &reader))
        case 0x003C_000B:
            return .basicQosOk
        case 0x003C_0014: return .basicConsume(try BasicConsume(decoding: &reader))
        case 0x003C_0015: return .basicConsumeOk(try BasicConsumeOk(decoding: &reader))
        case 0x003C_001E: return .basicCancel(try BasicCancel(decoding: &reader))
        case 0x003C_001F: return .basicCancelOk(try BasicCancelOk(decoding: &reader))
        case 0x003C_0028: return .basicPublish(try BasicPublish(decoding: &reader))
        case 0x003C_0032: return .basicReturn(try BasicReturn(decoding: &reader))
        case 0x003C_003C: return .basicDeliver(try BasicDeliver(decoding: &reader))
        case 0x003C_0046: return .basicGet(try BasicGet(decoding: &reader))
        case 0x003C_0047: return .basicGetOk(try BasicGetOk(decoding: &reader))
        case 0x003C_0048:
            try reader.skipShortString("reserved-1")
            return .basicGetEmpty
        case 0x003C_0050: return .basicAck(try BasicAck(decoding: &reader))
        case 0x003C_005A: return .basicReject(try BasicReject(decoding: &reader))
        case 0x003C_0064: return .basicRecoverAsync(try BasicRecoverAsync(decoding: &reader))
        case 0x003C_006E: return .basicRecover(try BasicRecover(decoding: &reader))
        case 0x003C_006F:
            return .basicRecoverOk
        case 0x003C_0078: return .basicNack(try BasicNack(decoding: &reader))
        case 0x0055_000A: return .confirmSelect(try ConfirmSelect(decoding: &reader))
        case 0x0055_000B:
            return .confirmSelectOk
        case 0x005A_000A:
            return .txSelect
        case 0x005A_000B:
            return .txSelectOk
        case 0x005A_0014:
            return .txCommit
        case 0x005A_0015:
            return .txCommitOk
        case 0x005A_001E:
            return .txRollback
        case 0x005A_001F:
            return .txRollbackOk
        default: return nil
        }
    }

    /// Writes the arguments, without the numbers.
    func encodeArguments(to writer: inout FieldWriter) throws(ProtocolError) {
        switch self {
        case .connectionStart(let arguments): try arguments.encode(to: &writer)
        case .connectionStartOk(let arguments): try arguments.encode(to: &writer)
        case .connectionSecure(let arguments): arguments.encode(to: &writer)
        case .connectionSecureOk(let arguments): arguments.encode(to: &writer)
        case .connectionTune(let arguments): arguments.encode(to: &writer)
        case .connectionTuneOk(let arguments): arguments.encode(to: &writer)
        case .connectionOpen(let arguments): try arguments.encode(to: &writer)
        case .connectionClose(let arguments): try arguments.encode(to: &writer)
        case .connectionBlocked(let arguments): try arguments.encode(to: &writer)
        case .connectionUpdateSecret(let arguments): try arguments.encode(to: &writer)
        case .channelFlow(let arguments): arguments.encode(to: &writer)
        case .channelFlowOk(let arguments): arguments.encode(to: &writer)
        case .channelClose(let arguments): try arguments.encode(to: &writer)
        case .accessRequest(let arguments): try arguments.encode(to: &writer)
        case .accessRequestOk(let arguments): arguments.encode(to: &writer)
        case .exchangeDeclare(let arguments): try arguments.encode(to: &writer)
        case .exchangeDelete(let arguments): try arguments.encode(to: &writer)
        case .exchangeBind(let arguments): try arguments.encode(to: &writer)
        case .exchangeUnbind(let arguments): try arguments.encode(to: &writer)
        case .queueDeclare(let arguments): try arguments.encode(to: &writer)
        case .queueDeclareOk(let arguments): try arguments.encode(to: &writer)
        case .queueBind(let arguments): try arguments.encode(to: &writer)
        case .queuePurge(let arguments): try arguments.encode(to: &writer)
        case .queuePurgeOk(let arguments): arguments.encode(to: &writer)
        case .queueDelete(let arguments): try arguments.encode(to: &writer)
        case .queueDeleteOk(let arguments): arguments.encode(to: &writer)
        case .queueUnbind(let arguments): try arguments.encode(to: &writer)
        case .basicQos(let arguments): arguments.encode(to: &writer)
        case .basicConsume(let arguments): try arguments.encode(to: &writer)
        case .basicConsumeOk(let arguments): try arguments.encode(to: &writer)
        case .basicCancel(let arguments): try arguments.encode(to: &writer)
        case .basicCancelOk(let arguments): try arguments.encode(to: &writer)
        case .basicPublish(let arguments): try arguments.encode(to: &writer)
        case .basicReturn(let arguments): try arguments.encode(to: &writer)
        case .basicDeliver(let arguments): try arguments.encode(to: &writer)
        case .basicGet(let arguments): try arguments.encode(to: &writer)
        case .basicGetOk(let arguments): try arguments.encode(to: &writer)
        case .basicAck(let arguments): arguments.encode(to: &writer)
        case .basicReject(let arguments): arguments.encode(to: &writer)
        case .basicRecoverAsync(let arguments): arguments.encode(to: &writer)
        case .basicRecover(let arguments): arguments.encode(to: &writer)
        case .basicNack(let arguments): arguments.encode(to: &writer)
        case .confirmSelect(let arguments): arguments.encode(to: &writer)
        case .connectionOpenOk, .channelOpen, .basicGetEmpty: writer.octet(0)
        case .connectionCloseOk, .connectionUnblocked, .connectionUpdateSecretOk, .channelCloseOk, .exchangeDeclareOk,
            .exchangeDeleteOk, .exchangeBindOk, .exchangeUnbindOk, .queueBindOk, .queueUnbindOk, .basicQosOk,
            .basicRecoverOk, .confirmSelectOk, .txSelect, .txSelectOk, .txCommit, .txCommitOk, .txRollback,
            .txRollbackOk:
            break
        case .channelOpenOk: writer.long(0)
        }
    }

    /// Writes the arguments for people to read.
    func describeArguments(in line: inout TraceLine) {
        switch self {
        case .connectionStart(let arguments): arguments.describe(in: &line)
        case .connectionStartOk(let arguments): arguments.describe(in: &line)
        case .connectionSecure(let arguments): arguments.describe(in: &line)
        case .connectionSecureOk(let arguments): arguments.describe(in: &line)
        case .connectionTune(let arguments): arguments.describe(in: &line)
        case .connectionTuneOk(let arguments): arguments.describe(in: &line)
        case .connectionOpen(let arguments): arguments.describe(in: &line)
        case .connectionClose(let arguments): arguments.describe(in: &line)
        case .connectionBlocked(let arguments): arguments.describe(in: &line)
        case .connectionUpdateSecret(let arguments): arguments.describe(in: &line)
        case .channelFlow(let arguments): arguments.describe(in: &line)
        case .channelFlowOk(let arguments): arguments.describe(in: &line)
        case .channelClose(let arguments): arguments.describe(in: &line)
        case .accessRequest(let arguments): arguments.describe(in: &line)
        case .accessRequestOk(let arguments): arguments.describe(in: &line)
        case .exchangeDeclare(let arguments): arguments.describe(in: &line)
        case .exchangeDelete(let arguments): arguments.describe(in: &line)
        case .exchangeBind(let arguments): arguments.describe(in: &line)
        case .exchangeUnbind(let arguments): arguments.describe(in: &line)
        case .queueDeclare(let arguments): arguments.describe(in: &line)
        case .queueDeclareOk(let arguments): arguments.describe(in: &line)
        case .queueBind(let arguments): arguments.describe(in: &line)
        case .queuePurge(let arguments): arguments.describe(in: &line)
        case .queuePurgeOk(let arguments): arguments.describe(in: &line)
        case .queueDelete(let arguments): arguments.describe(in: &line)
        case .queueDeleteOk(let arguments): arguments.describe(in: &line)
        case .queueUnbind(let arguments): arguments.describe(in: &line)
        case .basicQos(let arguments): arguments.describe(in: &line)
        case .basicConsume(let arguments): arguments.describe(in: &line)
        case .basicConsumeOk(let arguments): arguments.describe(in: &line)
        case .basicCancel(let arguments): arguments.describe(in: &line)
        case .basicCancelOk(let arguments): arguments.describe(in: &line)
        case .basicPublish(let arguments): arguments.describe(in: &line)
        case .basicReturn(let arguments): arguments.describe(in: &line)
        case .basicDeliver(let arguments): arguments.describe(in: &line)
        case .basicGet(let arguments): arguments.describe(in: &line)
        case .basicGetOk(let arguments): arguments.describe(in: &line)
        case .basicAck(let arguments): arguments.describe(in: &line)
        case .basicReject(let arguments): arguments.describe(in: &line)
        case .basicRecoverAsync(let arguments): arguments.describe(in: &line)
        case .basicRecover(let arguments): arguments.describe(in: &line)
        case .basicNack(let arguments): arguments.describe(in: &line)
        case .confirmSelect(let arguments): arguments.describe(in: &line)
        case .connectionOpenOk, .connectionCloseOk, .connectionUnblocked, .connectionUpdateSecretOk, .channelOpen,
            .channelOpenOk, .channelCloseOk, .exchangeDeclareOk, .exchangeDeleteOk, .exchangeBindOk, .exchangeUnbindOk,
            .queueBindOk, .queueUnbindOk, .basicQosOk, .basicGetEmpty, .basicRecoverOk, .confirmSelectOk, .txSelect,
            .txSelectOk, .txCommit, .txCommitOk, .txRollback, .txRollbackOk:
            break
        }
    }
}
