/// A message hub as a program of this house sees it: something that connections can be opened to.
///
/// `RabbitMQHub` reaches RabbitMQ and HubSim's socket through librabbitmq; HubSim's in-process hub needs no socket.
/// What stands above (the link that reconnects, the requester, the responder) knows only this protocol.
public protocol MessageHub: Sendable {
    /// Where the hub is, for people and logs. Never holds a password.
    var name: String { get }

    /// Opens one connection, ready to use. It is not taken up again by itself when it ends: that is `HubLink`'s work.
    func connect() async throws(HubError) -> any HubConnection
}

/// One connection to a hub, with publisher confirms on.
///
/// Every call may be made from any task at any time; calls do not wait for one another, so many messages are under way
/// on one connection. Once the connection has ended, every call throws `HubError.closed`, also those under way.
///
/// A call that the hub refuses (a queue that is not there, a declaration that does not fit) may end the whole
/// connection: what it held is declared anew on the next one.
public protocol HubConnection: Sendable {
    /// Declares an exchange without arguments. Declaring it again the same way changes nothing.
    func declareExchange(_ exchange: ExchangeDeclaration) async throws(HubError)

    /// Declares a queue without arguments and tells its name, which the hub chose where the declaration left it empty.
    func declareQueue(_ queue: QueueDeclaration) async throws(HubError) -> DeclaredQueue

    /// Binds a queue to an exchange.
    func bind(queue: String, exchange: String, routingKey: String) async throws(HubError)

    /// Publishes a message and returns once the hub has confirmed it.
    ///
    /// Throws `HubError.returned` where it is mandatory and no queue takes it, `HubError.nacked` where the hub refuses it.
    /// A task that is cancelled meanwhile stops waiting with `HubError.cancelled`; the message may have been taken.
    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError)

    /// Starts to consume a queue. Never more than `prefetch` (at least 1) deliveries are unacknowledged.
    func consume(queue: String, prefetch: Int) async throws(HubError) -> HubSubscription

    /// Acknowledges one delivery: the hub may forget it. Returns once the acknowledgement is on its way.
    func acknowledge(_ delivery: HubDelivery) async throws(HubError)

    /// Gives one delivery back: to the queue, or, without `requeue`, to be dead-lettered or dropped.
    func reject(_ delivery: HubDelivery, requeue: Bool) async throws(HubError)

    /// Where tasks run best that do little but take what the connection has for them: on its own thread, if it has one, no
    /// thread has to be woken for that. They must not compute for long, because the connection stands still meanwhile.
    var executor: (any TaskExecutor)? { get }

    /// What happens to the connection as a whole. Ends after `.closed`. One reader.
    var events: AsyncStream<HubConnectionEvent> { get }

    /// Closes the connection in order; what is under way ends with `HubError.closed`. May be called more than once.
    func close() async
}

extension HubConnection {
    /// A connection without a thread of its own has no preference.
    public var executor: (any TaskExecutor)? { nil }
}

/// What can happen to a connection as a whole.
public enum HubConnectionEvent: Sendable, Equatable {
    /// The hub takes no messages for now (`connection.blocked`); publishing waits.
    case blocked(reason: String)
    /// The hub takes messages again.
    case unblocked
    /// It has ended, for this reason; the last event.
    case closed(HubError)
}
