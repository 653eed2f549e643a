/// Everything in the hub that a client could make grow, and what happens at the limit.
public struct HubSimLimits: Sendable, Hashable {
    /// Connections at once. One more is accepted and closed at once, without a word.
    public var connectionsMax = 20_000
    /// The highest channel number on a connection, as proposed in `connection.tune`. Over it: 530 `NOT_ALLOWED`.
    public var channelMax: UInt16 = 2047
    /// The largest frame, overhead included, as proposed in `connection.tune`. Over it: 501 `FRAME_ERROR`.
    public var frameBytesMax: UInt32 = 131_072
    /// One message's body. Larger: 406 `PRECONDITION_FAILED`.
    public var messageBytesMax = 134_217_728
    /// Bodies of one connection that are not yet complete, over all its channels. Over it: 506 `RESOURCE_ERROR`.
    public var assemblyBytesMax = 268_435_456
    /// What one connection may be handed before it is known to be on its way. Over it, deliveries to it wait.
    public var outboundBytesHigh = 1 << 20
    /// Bytes for one connection that the socket does not take, beside one message of any size. Over it, the connection
    /// is reset.
    public var outboundBytesMax = 64 << 20
    /// How long a connection may take to log in, in milliseconds. Longer: it is closed.
    public var handshakeMs: Int64 = 10_000
    /// How long a client may take to answer a close, in milliseconds. Longer: the connection is cut.
    public var closeMs: Int64 = 5_000
    /// How long a hub that ends waits for clients to answer its close that have got all that they were sent, in
    /// milliseconds. Longer: the connection is cut.
    public var shutdownMs: Int64 = 500
    /// How long a client that is sent bytes may take none, in milliseconds. Longer: the connection is cut.
    public var writeStallMs: Int64 = 15_000
    /// Vhosts. One more by the management API: 400. The configuration may name more.
    public var virtualHostsMax = 1000
    /// Users. One more by the management API: 400. The configuration may name more.
    public var usersMax = 10_000
    /// Queues in one vhost. One more: 406 `PRECONDITION_FAILED`.
    public var queuesMax = 200_000
    /// Exchanges in one vhost. One more: 406 `PRECONDITION_FAILED`.
    public var exchangesMax = 100_000
    /// Bindings in one vhost. One more: 406 `PRECONDITION_FAILED`.
    public var bindingsMax = 1_000_000
    /// Consumers on one channel. One more: 530 `NOT_ALLOWED`.
    public var consumersPerChannelMax = 65_535
    /// Bytes of messages in one queue, unacknowledged ones included. Over it, publishes to it are refused as with
    /// `x-overflow=reject-publish`.
    public var queueBytesMax = 512 << 20
    /// Bytes of messages in all queues and open transactions. Over it, publishing connections are blocked
    /// (`connection.blocked`) and not read from, until it is a tenth below. A client that publishes and acknowledges on
    /// one connection then waits for itself, as with RabbitMQ: consumers should have a connection of their own.
    public var totalBytesHigh = 1 << 30
    /// Bytes of messages in all queues and open transactions. Over it, every publish is refused as with
    /// `x-overflow=reject-publish`.
    public var totalBytesMax = (1 << 30) + (256 << 20)
    /// Entries in one message's `x-death`. A message that would need one more is dropped: it has gone through so many
    /// queues without anybody taking it.
    public var deathsMax = 1000
    /// How long a delivery may stay unacknowledged, in milliseconds, where its queue does not say (`x-consumer-timeout`,
    /// a policy's `consumer-timeout`; RabbitMQ before 3.12 knows neither, and so does the hub by default).
    /// Longer: 406 `PRECONDITION_FAILED`.
    public var acknowledgementMs: Int64 = 1_800_000
    /// Publishes and acknowledgements in one open transaction. One more: 406 `PRECONDITION_FAILED`.
    public var transactionMax = 1_000_000
    /// Bytes of the messages in one open transaction. Over it: 406 `PRECONDITION_FAILED`.
    public var transactionBytesMax = 256 << 20
    /// Bytes of the messages in all open transactions. Over it: 406 `PRECONDITION_FAILED` for the one that adds to it.
    /// Below `totalBytesHigh`, so that publishers are never blocked by what only they could commit.
    public var transactionsBytesMax = 512 << 20
    /// Routes that one exchange remembers, and queues that they lead to. Over it, it forgets them all and learns anew;
    /// a route to more queues is not remembered.
    public var routesCachedMax = 4096
    /// The same for all exchanges of a vhost.
    public var routesCachedInAllMax = 1_000_000
    /// Bytes of connections, channels, consumers, exchanges, queues and bindings, roughly. One more that does not fit:
    /// 406 `PRECONDITION_FAILED`, and for a channel 506 `RESOURCE_ERROR`.
    public var definitionBytesMax = 1 << 30
    /// How many messages the dead letters of one command may kill in their turn, beside 16 for each of them. What
    /// would be dead-lettered after that is dropped.
    public var deathsCausedMax = 10_000
    /// Bytes that all connections hold in their sockets' handlers: contents that are not complete, and output that the
    /// socket has not taken. Over it, the connection that holds most is ended (506 `RESOURCE_ERROR`, or without a word
    /// where it takes nothing).
    public var socketBytesMax = 1 << 30

    /// Publishes of one in-process connection that are held while memory is short, or wait for their confirm. One more:
    /// `HubError.overloaded`.
    public var inProcessPublishesMax = 10_000

    /// Frames that wait for a slow trace or capture. One more is not kept, but counted.
    public var traceEventsMax = 65_536
    /// Bytes that wait for a slow trace or capture. Over it, frames are not kept, but counted.
    public var traceBytesMax = 64 << 20

    public init() {}
}
