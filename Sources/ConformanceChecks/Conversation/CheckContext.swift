import HubProtocol
import JSON
import MessageHub
import Synchronization

/// What one check talks with: its own reply queue, its own names, and the record of every message.
final class CheckContext: Sendable {
    private struct State {
        var evidence: [Evidence] = []
        var omitted = 0
        var queue: String?
        var listeners: [Task<Void, Never>] = []
        /// Operation ids and correlation ids that this check has asked under.
        var asked: Set<String> = []
        var counter = 0
    }

    let run: RunContext
    let checkID: String
    let inbox: Inbox
    private let state = Mutex(State())

    init(run: RunContext, checkID: String) {
        self.run = run
        self.checkID = checkID
        inbox = Inbox(time: run.time)
    }

    var session: HubSession { run.session }

    // MARK: Names

    /// A new operation id.
    func newID() -> String { run.surroundings.makeID() }

    /// The `type` of this check's images: nobody else's have it.
    var type: String {
        let type = "conformance-\(run.runID)-\(checkID)"
        run.ledger.used(type: type)
        return type
    }

    /// A text that nobody else uses.
    func unique(_ prefix: String) -> String {
        let number = state.withLock { state in
            state.counter += 1
            return state.counter
        }
        return "\(prefix)-\(run.runID)-\(checkID)-\(number)"
    }

    // MARK: Evidence

    func note(
        _ way: Evidence.Way,
        _ address: String,
        _ fields: [Evidence.Field],
        _ body: [UInt8],
        at: Duration? = nil
    ) {
        let atMs = at.map { Int($0 / .milliseconds(1)) } ?? run.nowMs
        state.withLock { state in
            guard state.evidence.count < Limits.evidenceEntriesMax else {
                state.omitted += 1
                return
            }
            state.evidence.append(Evidence(way, atMs: atMs, address: address, fields: fields, body: body))
        }
    }

    /// Takes over messages of another check's.
    func note(_ messages: [Evidence]) { state.withLock { $0.evidence += messages } }

    func note(_ received: Received) {
        let delivery = received.delivery
        let exchange = delivery.exchange.isEmpty ? "(default exchange)" : delivery.exchange
        note(
            .received,
            "\(exchange) / \(delivery.routingKey)",
            delivery.message.fields,
            delivery.message.body,
            at: received.at
        )
    }

    /// Everything that was sent and came, in order.
    var evidence: [Evidence] {
        state.withLock {
            $0.evidence.enumerated().sorted { ($0.element.atMs, $0.offset) < ($1.element.atMs, $1.offset) }.map(
                \.element
            )
        }
    }
    var evidenceOmitted: Int { state.withLock { $0.omitted } }

    // MARK: The hub

    /// The check's own reply queue, made when it is first needed.
    func replyQueue() async throws -> String {
        if let queue = state.withLock({ $0.queue }) { return queue }
        return try await openReplyQueue(named: "")
    }

    /// Opens the check's reply queue under a name of its choice.
    func openReplyQueue(named name: String) async throws -> String {
        let (queue, deliveries) = try await throughHub { () async throws(HubError) in
            try await self.session.replyQueue(named: name)
        }
        // It ends with the connection, or with the check.
        let listener = Task { [self] in await session.listen(to: deliveries, inbox) { self.note($0) } }
        state.withLock { state in
            state.queue = queue
            state.listeners.append(listener)
        }
        return queue
    }

    /// Ends the listening.
    func end() {
        let listeners = state.withLock { state in
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener.cancel() }
    }

    /// Publishes a request.
    func post(_ question: Question, to address: HubAddress? = nil) async throws {
        noteAsked(question)
        let queue: String? =
            switch question.replyTo {
            case .own: try await replyQueue()
            case .none: nil
            case .queue(let name): name
            }
        // As long as it may have to wait behind others of ours, and twice the time of its own.
        let backlogMs = Int(run.pace.backlog / .milliseconds(1))
        let message = try question.message(
            replyTo: queue,
            timeoutMs: (run.options.timeoutMs + backlogMs) * 2,
            now: run.time.timestamp()
        )
        let address = address ?? HubAddress(exchange: session.topology.exchange, routingKey: Topology.Key.request)
        try await publish(message, to: address)
    }

    func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool = true) async throws {
        note(.sent, "\(address.exchange) / \(address.routingKey)", message.fields, message.body)
        try await throughHub { () async throws(HubError) in
            try await self.session.publish(message, to: address, mandatory: mandatory)
        }
    }

    /// Runs something on the hub; what the hub itself has against it says nothing about the service.
    func throughHub<Result: Sendable>(
        _ body: @Sendable () async throws(HubError) -> Result
    ) async throws -> Result {
        do throws(HubError) {
            return try await body()
        } catch {
            switch error {
            case .returned:
                throw Obstacle("hub.no-consumer", "no queue takes requests: the hub returned a mandatory message")
            case .closed, .unreachable:
                throw Obstacle("hub.connection-lost", "the checker's connection to the hub was lost")
            case .nacked: throw Obstacle("hub.nacked", "the hub did not take a message of the checker's")
            case .timedOut: throw Obstacle("hub.timed-out", "the hub did not answer the checker in time")
            case .refused(let code, _): throw Obstacle("hub.refused", "the hub refused the checker something: \(code)")
            case .cancelled: throw CancellationError()
            case .overloaded, .invalid: throw CheckerFault("the checker's use of the hub is wrong: \(error)")
            }
        }
    }

    // MARK: What is asked

    /// Books the ids of a request: what names them is a reply to it and to no other, however often and late it comes.
    func noteAsked(_ question: Question) {
        state.withLock { state in
            state.asked.insert(question.operationID)
            if let id = question.correlationID { state.asked.insert(id) }
        }
    }

    /// Whether this check has asked under the operation id or the correlation id of a reply.
    func hasAsked(for reply: Received) -> Bool {
        let ids = [reply.operationID, reply.message.correlationID].compactMap { $0 }
        return state.withLock { state in ids.contains(where: state.asked.contains) }
    }
}
