import AMQP
import MessageHub
import Synchronization

/// One connection without a socket: one channel with confirms on, as far as the broker knows.
///
/// Its state is changed while the hub is locked, so sequence numbers and answers are counted in the order in which the
/// broker sees them. The order of locks is hub, then connection. Continuations are resumed under the locks: that only
/// makes their tasks ready to run.
final class InProcessConnection: HubConnection, Door {
    private let hub: Hub
    private let state: Mutex<InProcessState>
    /// Looks on, if somebody wants to.
    private let tap: InProcessTap?
    let events: AsyncStream<HubConnectionEvent>

    /// Channel 1; there is no other.
    private static let channel: UInt16 = 1

    init(hub: Hub) {
        self.hub = hub
        tap = hub.recorder.map { recorder in
            let party = recorder.party(.none, name: "in-process", isInProcess: true)
            return InProcessTap(recorder, party, at: hub.timeline.now)
        }
        // Blocked and unblocked take turns, and only the latest of them matters to one who reads late.
        let (events, continuation) = AsyncStream.makeStream(
            of: HubConnectionEvent.self,
            bufferingPolicy: .bufferingNewest(16)
        )
        self.events = events
        let publishesMax = hub.look { $0.limits.inProcessPublishesMax }
        state = Mutex(InProcessState(events: continuation, publishesMax: publishesMax))
    }

    /// The connection in the hub, once it is open.
    var id: ConnectionID? { state.withLock { $0.id } }

    /// How many publishes wait until the hub takes messages again.
    var heldCount: Int { state.withLock { $0.heldCount } }

    func open(_ profile: ConnectionProfile) throws(HubError) {
        let id: ConnectionID
        do throws(ProtocolError) {
            id = try hub.open(profile, door: self)
        } catch {
            tap?.ended(by: .hub, at: hub.timeline.now)
            throw HubError(refusal: error)
        }
        let ended = state.withLock { state in
            state.id = id
            return state.ended
        }
        // A fault that strikes at once may have ended it meanwhile.
        if let ended {
            hub.close(id)
            tap?.ended(by: .hub, at: hub.timeline.now)
            throw ended
        }
        let commands: [Command] = [
            .method(id, channel: Self.channel, .channelOpen),
            .method(id, channel: Self.channel, .confirmSelect(ConfirmSelect(noWait: true))),
        ]
        hub.apply { tapped(commands) }
    }

    // MARK: HubConnection

    func declareExchange(_ exchange: ExchangeDeclaration) async throws(HubError) {
        try exchange.name.requireShortString("exchange name")
        let declare = ExchangeDeclare(
            exchange: exchange.name,
            type: exchange.kind.rawValue,
            durable: exchange.isDurable
        )
        _ = try await request(.exchangeDeclare(declare))
    }

    func declareQueue(_ queue: QueueDeclaration) async throws(HubError) -> DeclaredQueue {
        try queue.name.requireShortString("queue name")
        let declare = QueueDeclare(
            queue: queue.name,
            passive: queue.isPassive,
            durable: queue.isDurable,
            exclusive: queue.isExclusive,
            autoDelete: queue.isAutoDelete
        )
        guard case .queueDeclareOk(let answer) = try await request(.queueDeclare(declare)) else {
            preconditionFailure("Cannot get another answer to queue.declare")
        }
        return DeclaredQueue(
            name: answer.queue,
            messageCount: Int(answer.messageCount),
            consumerCount: Int(answer.consumerCount)
        )
    }

    func bind(queue: String, exchange: String, routingKey: String) async throws(HubError) {
        for name in [queue, exchange, routingKey] { try name.requireShortString("name") }
        _ = try await request(.queueBind(QueueBind(queue: queue, exchange: exchange, routingKey: routingKey)))
    }

    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError) {
        let message = try Message(message, to: address)
        try await wait { state, call, id in
            let command = state.publish(message, isMandatory: mandatory, call: call, id, channel: Self.channel)
            return command.map { [$0] } ?? []
        }
    }

    func consume(queue: String, prefetch: Int) async throws(HubError) -> HubSubscription {
        try queue.requireShortString("queue name")
        guard let prefetchCount = UInt16(exactly: prefetch), prefetch > 0 else {
            throw .invalid("prefetch \(prefetch): it must be 1…65535")
        }
        let (deliveries, continuation) = AsyncStream.makeStream(of: HubDelivery.self)
        try await wait { state, call, id in
            let tag = state.addConsumer(continuation)
            state.requests.append(call)
            return [
                .method(id, channel: Self.channel, .basicQos(BasicQos(prefetchCount: prefetchCount))),
                .method(id, channel: Self.channel, .basicConsume(BasicConsume(queue: queue, consumerTag: tag))),
            ]
        }
        return HubSubscription(deliveries)
    }

    func acknowledge(_ delivery: HubDelivery) async throws(HubError) {
        try send(.basicAck(BasicAck(deliveryTag: delivery.deliveryTag)))
    }

    func reject(_ delivery: HubDelivery, requeue: Bool) async throws(HubError) {
        try send(.basicReject(BasicReject(deliveryTag: delivery.deliveryTag, requeue: requeue)))
    }

    func close() async {
        let id = state.withLock { state in
            defer { state.end(.closed("closed by this side")) }
            return state.id
        }
        if let id { hub.close(id) }
        tap?.ended(by: .client, at: hub.timeline.now)
    }

    // MARK: Calls

    /// Asks the hub something that it answers with a method.
    private func request(_ method: Method) async throws(HubError) -> Method? {
        try await wait { state, call, id in
            state.requests.append(call)
            return [.method(id, channel: Self.channel, method)]
        }
    }

    /// Sends something that is not answered.
    private func send(_ method: Method) throws(HubError) {
        let (id, error) = state.withLock { ($0.id, $0.ended) }
        if let error { throw error }
        guard let id else { preconditionFailure("Cannot use a connection before it is open") }
        hub.apply { tapped([.method(id, channel: Self.channel, method)]) }
    }

    /// Starts a call and waits for its end. A task that is cancelled stops waiting; what it started goes on.
    @discardableResult
    private func wait(
        _ start: @Sendable (inout InProcessState, UInt64, ConnectionID) -> [Command]
    ) async throws(HubError) -> Method? {
        let call = state.withLock { $0.nextCall() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(call, continuation, start)
            }
        } onCancel: {
            state.withLock { $0.cancel(call) }
        }
        return try result.get()
    }

    private func begin(
        _ call: UInt64,
        _ continuation: InProcessState.Call,
        _ start: @Sendable (inout InProcessState, UInt64, ConnectionID) -> [Command]
    ) {
        hub.apply {
            let commands = state.withLock { state -> [Command] in
                guard state.begin(call, continuation), let id = state.id else { return [] }
                // Cancelled before it was noted, when the handler found nobody to tell.
                guard !Task.isCancelled else {
                    state.finish(call, .failure(.cancelled))
                    return []
                }
                return start(&state, call, id)
            }
            return tapped(commands)
        }
    }

    /// The commands, once whoever looks on has seen them.
    private func tapped(_ commands: [Command]) -> [Command] {
        tap?.sent(commands, at: hub.timeline.now)
        return commands
    }

    // MARK: Door

    func take(_ directives: ArraySlice<Directive>) -> Bool {
        if let tap {
            tap.received(directives, at: hub.timeline.now)
            if directives.contains(where: \.isCloseOfConnection) { tap.ended(by: .hub, at: hub.timeline.now) }
        }
        return state.withLock { state in
            for directive in directives { take(directive, &state) }
            return state.owesHub
        }
    }

    /// Takes a directive now, or as late as a fault wants it.
    private func take(_ directive: Directive, _ state: inout InProcessState) {
        let now = hub.timeline.now
        switch state.wire.take(directive, at: now, generation: hub.faults.generation) {
        case .now: state.take(directive)
        case .later(let due):
            hub.timeline.schedule(at: due) { [weak self] in self?.takeWhatIsDue() }
        case .never: break
        case .reset: state.reset()
        }
    }

    private func takeWhatIsDue() {
        let owesHub = state.withLock { state in
            for directive in state.wire.takeDue(at: hub.timeline.now) { state.take(directive) }
            return state.owesHub
        }
        if owesHub { wake() }
    }

    func wake() {
        // In a loop and by one alone: what is settled may wake this door again, from any thread.
        guard state.withLock({ $0.beginSettling() }) else { return }
        repeat { settle() } while state.withLock { !$0.endSettling() }
    }

    private func settle() {
        var closing: ConnectionID?
        // Taken and applied under one lock of the hub, so that no later publish comes in between.
        hub.apply {
            let (id, owed) = state.withLock { ($0.id, $0.takeOwed(channel: Self.channel)) }
            switch owed {
            case .nothing: break
            case .commands(let commands): return tapped(commands)
            case .close: closing = id
            }
            return []
        }
        if let closing {
            hub.close(closing)
            tap?.ended(by: .hub, at: hub.timeline.now)
        }
    }
}
