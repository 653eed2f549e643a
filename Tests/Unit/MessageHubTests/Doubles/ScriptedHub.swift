import Synchronization

@testable import MessageHub

/// A hub without a socket whose every answer is the test's.
final class ScriptedHub: MessageHub {
    let name = "scripted"
    /// Every connection that was opened.
    let connections = Observed<[ScriptedConnection]>([])
    /// Every attempt to connect, also those that failed.
    let attempts = Observed(0)
    private let answer: @Sendable (Int) -> Result<ScriptedConnection, HubError>

    /// - Parameter answer: what the attempt with this number, from 1, comes to.
    init(_ answer: @escaping @Sendable (Int) -> Result<ScriptedConnection, HubError> = { _ in .success(.init()) }) {
        self.answer = answer
    }

    func connect() async throws(HubError) -> any HubConnection {
        attempts.update { $0 += 1 }
        let connection = try answer(attempts.value).get()
        connections.update { $0.append(connection) }
        return connection
    }

    /// Waits until so many connections were opened; gives the last.
    @discardableResult
    func connection(_ number: Int) async throws -> ScriptedConnection {
        try await connections.waitUntil { $0.count >= number }[number - 1]
    }
}

/// A connection of such a hub. It confirms every message unless told otherwise.
final class ScriptedConnection: HubConnection, Equatable {
    struct Published: Equatable {
        var message: HubMessage
        var address: HubAddress
        var isMandatory: Bool
    }

    struct Binding: Equatable {
        var queue: String
        var exchange: String
        var routingKey: String
    }

    private struct State {
        var queueCount = 0
        var deliveries: [String: AsyncStream<HubDelivery>.Continuation] = [:]
        var nextTag: UInt64 = 1
        var end: HubError?
    }

    typealias Answer = @Sendable (Published, Int) async throws(HubError) -> Void

    private let state = Mutex(State())
    private let answer: Answer
    let events: AsyncStream<HubConnectionEvent>
    private let eventsContinuation: AsyncStream<HubConnectionEvent>.Continuation

    let exchanges = Observed<[ExchangeDeclaration]>([])
    let bindings = Observed<[Binding]>([])
    /// Queues that are consumed, with their prefetch.
    let consumed = Observed<[String: Int]>([:])
    let published = Observed<[Published]>([])
    let acknowledged = Observed<[UInt64]>([])
    let isClosed = Observed(false)
    private let hasEnded = Observed(false)
    /// What a look at a queue (a passive declaration) finds; an error is thrown.
    let queueLook = Mutex<Result<DeclaredQueue, HubError>>(
        .success(DeclaredQueue(name: "storage_service", messageCount: 0, consumerCount: 1))
    )
    /// How often somebody looked.
    let looks = Observed(0)

    /// - Parameter answer: what becomes of a message, with its number from 1 on this connection.
    init(_ answer: @escaping Answer = { _, _ in }) {
        self.answer = answer
        (events, eventsContinuation) = AsyncStream.makeStream()
    }

    static func == (left: ScriptedConnection, right: ScriptedConnection) -> Bool { left === right }

    // MARK: What the test does

    /// Hands a message to the consumer of a queue.
    func deliver(_ message: HubMessage, to queue: String, key: String = "") {
        state.withLock { state in
            let delivery = HubDelivery(
                message: message,
                exchange: "",
                routingKey: key,
                isRedelivered: false,
                deliveryTag: state.nextTag,
                channel: 3
            )
            state.nextTag += 1
            state.deliveries[queue]?.yield(delivery)
        }
    }

    func happen(_ event: HubConnectionEvent) { eventsContinuation.yield(event) }

    /// Ends the connection from the hub's side.
    func end(_ error: HubError = .closed("320 CONNECTION_FORCED - gone")) {
        let deliveries = state.withLock { state in
            state.end = error
            return state.deliveries.values
        }
        eventsContinuation.yield(.closed(error))
        eventsContinuation.finish()
        for delivery in deliveries { delivery.finish() }
        hasEnded.update { $0 = true }
    }

    /// Ends one consumer, as `basic.cancel` does.
    func cancelConsumer(of queue: String) { state.withLock { $0.deliveries[queue]?.finish() } }

    /// For an answer that never comes: returns when the connection has ended or the task is cancelled.
    func hang() async throws(HubError) {
        _ = try? await hasEnded.waitUntil { $0 }
        try check()
    }

    // MARK: HubConnection

    private func check() throws(HubError) {
        if let end = state.withLock({ $0.end }) { throw end }
        if Task.isCancelled { throw .cancelled }
    }

    func declareExchange(_ exchange: ExchangeDeclaration) async throws(HubError) {
        try check()
        exchanges.update { $0.append(exchange) }
    }

    func declareQueue(_ queue: QueueDeclaration) async throws(HubError) -> DeclaredQueue {
        try check()
        if queue.isPassive {
            looks.update { $0 += 1 }
            return try queueLook.withLock { $0 }.get()
        }
        let number = state.withLock { state in
            state.queueCount += 1
            return state.queueCount
        }
        let name = queue.name.isEmpty ? "queue-\(number)" : queue.name
        return DeclaredQueue(name: name, messageCount: 0, consumerCount: 0)
    }

    func bind(queue: String, exchange: String, routingKey: String) async throws(HubError) {
        try check()
        bindings.update { $0.append(Binding(queue: queue, exchange: exchange, routingKey: routingKey)) }
    }

    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError) {
        try check()
        let published = Published(message: message, address: address, isMandatory: mandatory)
        var number = 0
        self.published.update { all in
            all.append(published)
            number = all.count
        }
        try await answer(published, number)
        try check()
    }

    func consume(queue: String, prefetch: Int) async throws(HubError) -> HubSubscription {
        try check()
        let (stream, continuation) = AsyncStream.makeStream(of: HubDelivery.self)
        state.withLock { $0.deliveries[queue] = continuation }
        consumed.update { $0[queue] = prefetch }
        return HubSubscription(stream)
    }

    func acknowledge(_ delivery: HubDelivery) async throws(HubError) {
        try check()
        acknowledged.update { $0.append(delivery.deliveryTag) }
    }

    func reject(_ delivery: HubDelivery, requeue: Bool) async throws(HubError) { try check() }

    func close() async {
        if state.withLock({ $0.end }) == nil { end(.closed("closed by this side")) }
        isClosed.update { $0 = true }
    }
}
