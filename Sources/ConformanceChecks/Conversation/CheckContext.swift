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
        /// Operation ids and correlation ids that this check has asked under and that are answered.
        var answered: Set<String> = []
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
        let queue: String? =
            switch question.replyTo {
            case .own: try await replyQueue()
            case .none: nil
            case .queue(let name): name
            }
        let message = try question.message(
            replyTo: queue,
            timeoutMs: run.options.timeoutMs * 2,
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

    // MARK: Asking

    /// Sends a request and takes its reply: the message that names it, or, where none does, the next that nobody
    /// expects. So a reply with wrong ids is seen as that, and not as none.
    func ask(_ question: Question) async throws -> Received {
        let start = inbox.count
        try await post(question)
        guard let reply = await reply(to: question, from: start) else {
            try Task.checkCancellation()
            run.found(reply: false)
            throw CheckFailure("reply.missing", "no reply to \(question.operation)")
        }
        return reply
    }

    func ask(_ operation: String, _ data: JSONValue, id: String? = nil) async throws -> Received {
        try await ask(Question(operation, id ?? newID(), data))
    }

    /// Takes the reply to a request that was sent.
    func reply(to question: Question, from start: Int = 0, within timeout: Duration? = nil) async -> Received? {
        let answered = state.withLock { $0.answered }
        let operationID = question.operationID
        let correlationID = question.correlationID
        let reply = await inbox.take(from: start, within: timeout ?? run.timeout) { received in
            if let id = received.operationID, id == operationID { return true }
            if let id = received.message.correlationID, id == correlationID { return true }
            // A second reply to an earlier request is none to this one.
            return !answered.contains(received.operationID ?? "")
                && !answered.contains(received.message.correlationID ?? "")
        }
        if let reply { settled(question, reply) }
        return reply
    }

    /// Takes the reply that names the request, of several that are under way.
    func reply(exactlyTo question: Question) async throws -> Received {
        let operationID = question.operationID
        guard let reply = await inbox.take(within: run.timeout, where: { $0.operationID == operationID }) else {
            try Task.checkCancellation()
            run.found(reply: false)
            throw CheckFailure("reply.missing", "no reply to \(question.operation) that has its operation id")
        }
        settled(question, reply)
        return reply
    }

    /// Books what a reply means for what there is.
    private func settled(_ question: Question, _ reply: Received) {
        run.found(reply: true)
        state.withLock { state in
            state.answered.insert(question.operationID)
            if let id = question.correlationID { state.answered.insert(id) }
        }
        guard reply.isSuccess, let id = reply.data["id"]?.string else { return }
        switch question.operation {
        case "create_image": run.ledger.made(image: id, by: question.operationID)
        case "delete_image": run.ledger.deleted(image: id)
        default: break
        }
    }

    /// Another request, answered: whatever the service does in order, it has done before.
    func barrier() async throws {
        _ = try await ask("list_images", ["type": .string(type), "limit": 1])
    }
}

extension HubMessage {
    /// The properties and headers, as a report shows them.
    var fields: [Evidence.Field] {
        var fields: [Evidence.Field] = []
        func add(_ name: String, _ value: String?) {
            if let value { fields.append(Evidence.Field(name: name, value: value)) }
        }
        add("content_type", contentType)
        add("delivery_mode", isPersistent ? "2" : nil)
        add("message_id", messageID)
        add("correlation_id", correlationID)
        add("reply_to", replyTo)
        add("type", type)
        add("app_id", appID)
        add("timestamp", timestampSeconds.map { "\($0)" })
        add("expiration", expirationMs.map { "\($0)" })
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .string(let text): add("header \(name)", text)
            case .integer(let number): add("header \(name)", "\(number)")
            case .bool(let flag): add("header \(name)", "\(flag)")
            }
        }
        return fields
    }
}
