import Hummingbird
import MessageHub

/// How a storage behaves at each point where its author could have got the protocol wrong.
///
/// Every hook's default is the faultless behaviour, so that a mode says only what it does otherwise. One conduct serves
/// one `SimulatedStorage` for as long as it lives; what it remembers is its own.
protocol Conduct: Sendable {
    // MARK: Start

    /// A connection is about to be used.
    /// - Parameter number: which one since the storage was made, from 1.
    func begin(connection number: Int, on core: StorageCore) async throws

    /// The bearer token that the asset API asks for.
    func token(_ token: String?) -> String?

    // MARK: Topology

    func exchange(_ declaration: ExchangeDeclaration) -> ExchangeDeclaration
    /// The storage side's queue, not those of its own connection.
    func queue(_ declaration: QueueDeclaration, on line: Line) -> QueueDeclaration
    /// A queue of its own connection's, which queries come to.
    func ownQueue(_ declaration: QueueDeclaration) -> QueueDeclaration
    /// The key that a queue is bound by; nil: it is not bound.
    func bindingKey(_ key: String) -> String?
    /// How many requests are taken at a time.
    func prefetch(_ count: Int) -> Int

    // MARK: Messages

    /// A request or a discovery query has come, in the order of the deliveries. What is returned is worked on; nil: the
    /// conduct has done with it whatever it does, its acknowledgement included.
    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery?
    /// What a request comes to. May be called again where a transaction is repeated.
    func decide(_ question: Question) throws(RecordStoreError) -> Decision
    /// Publishes a reply, an event or an announcement.
    func publish(_ publication: Publication, on line: Line) async throws(HubError)
    func acknowledge(_ delivery: HubDelivery, on line: Line) async throws(HubError)
    /// Gives a request back to its queue.
    func giveBack(_ delivery: HubDelivery, on line: Line) async throws(HubError)
    /// Works beside the storage on one connection, until cancelled.
    func accompany(_ line: Line) async throws

    // MARK: Assets

    /// Answers a request to the asset API or for health.
    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response
}

/// What a conduct has at hand on the hub.
struct Line: Sendable {
    /// The connection itself: what is done here passes no conduct.
    let connection: any HubConnection
    /// The name of the exchange.
    let exchange: String
    let time: TimeSource
    let ids: IDSource
}

extension Conduct {
    func begin(connection number: Int, on core: StorageCore) async throws {}
    func token(_ token: String?) -> String? { token }
    func exchange(_ declaration: ExchangeDeclaration) -> ExchangeDeclaration { declaration }
    func queue(_ declaration: QueueDeclaration, on line: Line) -> QueueDeclaration { declaration }
    func ownQueue(_ declaration: QueueDeclaration) -> QueueDeclaration { declaration }
    func bindingKey(_ key: String) -> String? { key }
    func prefetch(_ count: Int) -> Int { count }
    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? { delivery }
    func decide(_ question: Question) throws(RecordStoreError) -> Decision { try question.decide() }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        try await line.publish(publication)
    }

    func acknowledge(_ delivery: HubDelivery, on line: Line) async throws(HubError) {
        try await line.connection.acknowledge(delivery)
    }

    func giveBack(_ delivery: HubDelivery, on line: Line) async throws(HubError) {
        try await line.connection.reject(delivery, requeue: true)
    }

    func accompany(_ line: Line) async throws { try await WakeUp().wait(after: 0) }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        try await faultless(exchange)
    }
}

extension Line {
    func publish(_ publication: Publication) async throws(HubError) {
        try await connection.publish(
            publication.message,
            to: publication.address,
            mandatory: publication.isMandatory
        )
    }

    /// Acknowledges a delivery that goes no further. Where that fails the connection has ended, and it comes again.
    func drop(_ delivery: HubDelivery) async { try? await connection.acknowledge(delivery) }

    /// Waits. Cut short where the task is cancelled: then what follows finds the connection ended.
    func pause(_ duration: Duration) async { try? await time.sleep(for: duration) }
}
