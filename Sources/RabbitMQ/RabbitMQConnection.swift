import MessageHub

/// One connection to RabbitMQ, or to whatever speaks AMQP 0-9-1 with its extensions.
///
/// Messages go out on one channel with publisher confirms, declarations on a second, each consumer has its own. A
/// declaration or consumer that the hub refuses throws `HubError.refused` and ends nothing else; a message to an
/// exchange that is not there ends the connection.
public final class RabbitMQConnection: HubConnection {
    private let queue: CommandQueue
    private let gauge: InFlightGauge
    private let limits: HubLimits
    private let ended: Gate
    public let executor: (any TaskExecutor)?
    public let events: AsyncStream<HubConnectionEvent>

    private init(
        queue: CommandQueue,
        executor: HubThreadExecutor,
        ended: Gate,
        events: AsyncStream<HubConnectionEvent>,
        limits: HubLimits
    ) {
        self.queue = queue
        self.executor = executor
        self.ended = ended
        self.events = events
        self.limits = limits
        gauge = InFlightGauge(countMax: limits.publishesInFlightMax, bytesMax: limits.bytesInFlightMax)
    }

    // A connection that nobody holds any more is closed in order; its thread goes on until then.
    deinit { try? queue.add(.close) }

    /// Connects and logs in on a thread of its own, which then owns the connection.
    static func open(_ endpoint: HubEndpoint, _ options: RabbitMQOptions) async throws(HubError) -> RabbitMQConnection {
        let queue = try CommandQueue(commandsMax: options.limits.commandsQueuedMax)
        let (events, eventsContinuation) = AsyncStream.makeStream(
            of: HubConnectionEvent.self,
            // The last event, `closed`, is the newest, so it is never the one that is dropped.
            bufferingPolicy: .bufferingNewest(options.limits.eventsBufferedMax)
        )
        let ended = Gate()
        let opened = Pending<Void, RabbitMQConnection>(())
        return try await opened.value {
            do throws(HubError) {
                try OwnerThread.start {
                    // Gone already where the task was cancelled meanwhile.
                    defer { ended.open() }
                    let executor = HubThreadExecutor(queue)
                    let loop: ConnectionLoop
                    do throws(HubError) {
                        let wire = try Wire(endpoint, options)
                        loop = ConnectionLoop(
                            wire: wire,
                            queue: queue,
                            executor: executor,
                            events: eventsContinuation,
                            options: options
                        )
                    } catch {
                        opened.settle(.failure(error))
                        return
                    }
                    let connection = RabbitMQConnection(
                        queue: queue,
                        executor: executor,
                        ended: ended,
                        events: events,
                        limits: options.limits
                    )
                    // Where nobody waits any more, the connection is let go here and so closes itself.
                    opened.settle(.success(connection))
                    _ = consume connection
                    loop.run()
                }
            } catch {
                opened.settle(.failure(error))
            }
        }
    }

    public func declareExchange(_ exchange: ExchangeDeclaration) async throws(HubError) {
        try checkNames([exchange.name])
        _ = try await call(.declareExchange(exchange))
    }

    public func declareQueue(_ queue: QueueDeclaration) async throws(HubError) -> DeclaredQueue {
        try checkNames([queue.name])
        guard case .queue(let declared) = try await call(.declareQueue(queue)) else {
            preconditionFailure("Cannot get here: a queue's declaration is answered with a queue")
        }
        return declared
    }

    public func bind(queue: String, exchange: String, routingKey: String) async throws(HubError) {
        try checkNames([queue, exchange, routingKey])
        _ = try await call(.bind(queue: queue, exchange: exchange, routingKey: routingKey))
    }

    public func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError) {
        try check(message, address)
        let outgoing = OutgoingMessage(message: message, address: address, isMandatory: mandatory)
        let bytes = outgoing.bytes
        try gauge.admit(bytes: bytes)
        defer { gauge.release(bytes: bytes) }
        let pending = PendingPublish(outgoing)
        try await pending.value { add(.publish(pending), for: pending) }
    }

    public func consume(queue: String, prefetch: Int) async throws(HubError) -> HubSubscription {
        try checkNames([queue])
        guard (1...Int(UInt16.max)).contains(prefetch) else { throw HubError.invalid("prefetch must be 1 to 65535") }
        guard case .subscription(let subscription) = try await call(.consume(queue: queue, prefetch: prefetch)) else {
            preconditionFailure("Cannot get here: a consumer's start is answered with a subscription")
        }
        return subscription
    }

    public func acknowledge(_ delivery: HubDelivery) async throws(HubError) {
        try queue.add(.acknowledge(channel: delivery.channel, tag: delivery.deliveryTag))
    }

    public func reject(_ delivery: HubDelivery, requeue: Bool) async throws(HubError) {
        try queue.add(.reject(channel: delivery.channel, tag: delivery.deliveryTag, requeue: requeue))
    }

    public func close() async {
        // Where it has ended already there is nothing to add.
        try? queue.add(.close)
        await ended.wait()
    }

    /// Messages that wait for their confirm now.
    public var publishesInFlight: Int { gauge.inFlight }

    private func call(_ request: CallRequest) async throws(HubError) -> CallAnswer {
        let pending = PendingCall(request)
        return try await pending.value { add(.call(pending), for: pending) }
    }

    private func add<Content, Value>(_ command: ConnectionCommand, for pending: Pending<Content, Value>) {
        do throws(HubError) {
            try queue.add(command)
        } catch {
            pending.settle(.failure(error))
        }
    }

    private func checkNames(_ names: [String]) throws(HubError) {
        for name in names where name.utf8.count > 255 || name.utf8.contains(0) {
            throw HubError.invalid("a name has over 255 bytes or a NUL")
        }
    }

    private func check(_ message: HubMessage, _ address: HubAddress) throws(HubError) {
        // AMQP 0-9-1 §4.2.5.3: a short string has at most 255 bytes.
        for text in [
            address.exchange, address.routingKey, message.contentType, message.messageID, message.correlationID,
            message.replyTo, message.type, message.appID,
        ] where (text?.utf8.count ?? 0) > 255 {
            throw HubError.invalid("a property has over 255 bytes")
        }
        guard message.headers.count <= limits.headersMax else {
            throw HubError.invalid("there are more than \(limits.headersMax) headers")
        }
        guard message.headers.keys.allSatisfy({ $0.utf8.count <= 128 }) else {
            throw HubError.invalid("a header's name has over 128 bytes")
        }
        guard message.body.count <= limits.bodyBytesMax else {
            throw HubError.invalid("the body has over \(limits.bodyBytesMax) bytes")
        }
        guard (message.expirationMs ?? 0) >= 0 else { throw HubError.invalid("the expiration is negative") }
    }
}
