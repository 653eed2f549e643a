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

    // MARK: Asking

    /// Sends a request and takes its reply: the message that names it, or, where none does, the next that nobody
    /// expects. So a reply with wrong ids is seen as that, and not as none.
    func ask(_ question: Question) async throws -> Received {
        let start = inbox.count
        let number = run.pace.sent()
        do {
            try await post(question)
        } catch {
            run.pace.ended(number, answered: nil)
            throw error
        }
        guard let reply = await reply(to: question, from: start, number: number) else {
            try Task.checkCancellation()
            run.found(reply: false)
            throw missing(question, "")
        }
        return reply
    }

    /// Whoever is only slow has to learn how to say so.
    private func missing(_ question: Question, _ what: String) -> CheckFailure {
        CheckFailure(
            "reply.missing",
            "no reply to \(question.operation)\(what) within --timeout-ms (for a service that is slow, raise it, or lower "
                + "--parallel)"
        )
    }

    func ask(_ operation: String, _ data: JSONValue, id: String? = nil) async throws -> Received {
        try await ask(Question(operation, id ?? newID(), data))
    }

    /// Takes the reply to a request that was sent.
    private func reply(to question: Question, from start: Int, number: Int) async -> Received? {
        let answered = state.withLock { $0.answered }
        let operationID = question.operationID
        let correlationID = question.correlationID
        let reply = await take(number, from: start) { received in
            if let id = received.operationID, id == operationID { return true }
            if let id = received.message.correlationID, id == correlationID { return true }
            // A second reply to an earlier request is none to this one.
            return !answered.contains(received.operationID ?? "")
                && !answered.contains(received.message.correlationID ?? "")
        }
        if let reply { settled(question, reply) }
        return reply
    }

    /// Sends several requests before any is answered for, and takes the reply to each: the message that names it.
    func askTogether(_ questions: [Question]) async throws -> [Received] {
        // The queue is there before the first is sent.
        _ = try await replyQueue()
        let numbers = questions.map { _ in run.pace.sent() }
        defer { for number in numbers { run.pace.ended(number, answered: nil) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for question in questions { group.addTask { try await self.post(question) } }
            try await group.waitForAll()
        }
        var replies: [Received] = []
        for (question, number) in zip(questions, numbers) {
            let operationID = question.operationID
            guard let reply = await take(number, where: { $0.operationID == operationID }) else {
                try Task.checkCancellation()
                run.found(reply: false)
                throw missing(question, " that has its operation id")
            }
            settled(question, reply)
            replies.append(reply)
        }
        return replies
    }

    /// Takes a reply. The time for it begins anew whenever a request that was sent before is answered.
    private func take(
        _ number: Int,
        from start: Int = 0,
        where matches: @escaping @Sendable (Received) -> Bool
    ) async -> Received? {
        var since = run.time.now()
        while !Task.isCancelled {
            let left = since + run.timeout - run.time.now()
            if let reply = await inbox.take(from: start, within: max(.zero, left), where: matches) {
                run.pace.ended(number, answered: run.time.now())
                return reply
            }
            guard !inbox.isEnded, let progress = run.pace.progress(before: number), progress > since else { break }
            since = progress
        }
        run.pace.ended(number, answered: nil)
        return nil
    }

    /// Books what a reply means for what there is.
    private func settled(_ question: Question, _ reply: Received) {
        run.found(reply: true)
        state.withLock { state in
            state.answered.insert(question.operationID)
            if let id = question.correlationID { state.answered.insert(id) }
        }
        run.carriedOut(question, reply)
        guard reply.isSuccess, let id = reply.data["id"]?.string else { return }
        switch question.operation {
        case "create_image": run.ledger.made(image: id, by: question.operationID)
        case "delete_image": run.ledger.deleted(image: id)
        default: break
        }
    }

    /// Another request, answered: whatever the service does in order, it has done before.
    func barrier() async throws { _ = try await ask(anything()) }

    /// A request that any service answers, and that changes nothing.
    func anything(id: String? = nil) -> Question {
        Question("get_image", id ?? newID(), about(unknownImage()))
    }

    /// Whether the service knows an operation, as far as it was asked before the checks.
    func knows(_ operation: String) -> Bool { run.knows(operation) }

    /// Whether new versions can be asked for, which name an asset (HUB-VER-010).
    var mayAddVersions: Bool { knows("create_image_version") && run.missing(.assets) == nil }
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
