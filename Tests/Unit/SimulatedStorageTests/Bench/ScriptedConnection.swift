import HubProtocol
import JSON
import MessageHub
import Synchronization

@testable import SimulatedStorage

/// A hub connection that a test plays: it delivers, and decides what becomes of every publish.
final class ScriptedConnection: HubConnection {
    /// What was asked of the connection, in order.
    enum Action: Sendable, Equatable {
        case declareExchange(ExchangeDeclaration)
        case declareQueue(QueueDeclaration)
        case bind(queue: String, exchange: String, routingKey: String)
        case consume(queue: String, prefetch: Int)
        /// A publish has been confirmed.
        case published(Published)
        /// A publish has failed.
        case failed(Published, HubError)
        case acknowledged(UInt64)
        case rejected(UInt64, requeue: Bool)
        case closed
    }

    struct Published: Sendable, Equatable {
        let message: HubMessage
        let address: HubAddress
        let isMandatory: Bool
    }

    /// Decides about a publish: returning confirms it.
    typealias Judge = @Sendable (Published) async throws(HubError) -> Void

    private let log = Mutex<[Action]>([])
    private let lastTag = Mutex<UInt64>(0)
    private let wakeUp = WakeUp()
    private let judge: Judge
    private let deliveries: AsyncStream<HubDelivery>
    private let feed: AsyncStream<HubDelivery>.Continuation
    private let silence: AsyncStream<HubDelivery>
    private let silenceEnd: AsyncStream<HubDelivery>.Continuation
    let events: AsyncStream<HubConnectionEvent>
    private let eventFeed: AsyncStream<HubConnectionEvent>.Continuation

    init(judge: @escaping Judge = { _ throws(HubError) in }) {
        self.judge = judge
        (deliveries, feed) = AsyncStream.makeStream()
        (silence, silenceEnd) = AsyncStream.makeStream()
        (events, eventFeed) = AsyncStream.makeStream()
    }

    // MARK: What a test does

    /// Delivers a message; its delivery tag.
    @discardableResult
    func deliver(_ message: HubMessage) -> UInt64 {
        let tag = lastTag.withLock { last in
            last += 1
            return last
        }
        feed.yield(
            HubDelivery(
                message: message,
                exchange: "message_hub",
                routingKey: "storage.request",
                isRedelivered: false,
                deliveryTag: tag,
                channel: 1
            )
        )
        return tag
    }

    /// Delivers a request.
    @discardableResult
    func deliver(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        id: String,
        replyTo: String? = "replies",
        correlationID: String? = nil
    ) -> UInt64 {
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        return deliver(HubMessage(body: request.encoded(), correlationID: correlationID ?? id, replyTo: replyTo))
    }

    /// Ends the deliveries, as when the connection ends.
    func endDeliveries() {
        feed.finish()
        silenceEnd.finish()
    }

    var actions: [Action] { log.withLock { $0 } }

    /// What was published and confirmed, to these routing keys where some are given.
    func published(to keys: String...) -> [Published] {
        actions.compactMap { action in
            guard case .published(let published) = action else { return nil }
            return keys.isEmpty || keys.contains(published.address.routingKey) ? published : nil
        }
    }

    /// Replies to the queue of `deliver`, as JSON.
    var replies: [Reply] { published(to: "replies").map { Reply($0.message.body) } }

    var acknowledged: [UInt64] {
        actions.compactMap { action in
            guard case .acknowledged(let tag) = action else { return nil }
            return tag
        }
    }

    /// Waits until something is so.
    func wait(until condition: (ScriptedConnection) -> Bool) async throws {
        while true {
            let count = wakeUp.count
            if condition(self) { return }
            try await wakeUp.wait(after: count)
        }
    }

    // MARK: What the responder does

    private func note(_ action: Action) {
        log.withLock { $0.append(action) }
        wakeUp.signal()
    }

    func declareExchange(_ exchange: ExchangeDeclaration) { note(.declareExchange(exchange)) }

    func declareQueue(_ queue: QueueDeclaration) -> DeclaredQueue {
        note(.declareQueue(queue))
        return DeclaredQueue(name: queue.name, messageCount: 0, consumerCount: 0)
    }

    func bind(queue: String, exchange: String, routingKey: String) {
        note(.bind(queue: queue, exchange: exchange, routingKey: routingKey))
    }

    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) async throws(HubError) {
        let published = Published(message: message, address: address, isMandatory: mandatory)
        do throws(HubError) {
            try await judge(published)
        } catch {
            note(.failed(published, error))
            throw error
        }
        note(.published(published))
    }

    func consume(queue: String, prefetch: Int) -> HubSubscription {
        note(.consume(queue: queue, prefetch: prefetch))
        // Only the storage queue is fed; what else is listened to stays silent.
        return HubSubscription(queue == "storage_service" ? deliveries : silence)
    }

    func acknowledge(_ delivery: HubDelivery) { note(.acknowledged(delivery.deliveryTag)) }

    func reject(_ delivery: HubDelivery, requeue: Bool) { note(.rejected(delivery.deliveryTag, requeue: requeue)) }

    func close() {
        note(.closed)
        endDeliveries()
        eventFeed.finish()
    }
}
