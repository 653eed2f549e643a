import HubProtocol
import Logging
import Synchronization

/// Asks storage over the hub and gives each reply to the one who asked (contract §3, §7).
///
///     let requester = Requester(topology: Topology(), time: time, logger: logger)
///     let link = HubLink(hub: hub, participants: [requester], …)
///     let outcome = try await requester.request(
///         .getImage(GetImage(imageID: id)), operationID: operationID, timeout: .seconds(5), traceparent: nil)
///
/// A request outlives connections: it waits for one, and is sent again on the next with the same operation id, all within
/// its deadline. An error reply of storage is an outcome, not an error of the requester.
public final class Requester: HubParticipant {
    private typealias Table = RequestTable<Mailbox<Order>>

    /// What the task of a request is to do next.
    private enum Order: Sendable {
        case publish(Table.Publication, any HubConnection)
        case finish(Result<StorageReply.Outcome, RequesterError>)
    }

    private struct State {
        var table: Table
        var connection: (any HubConnection)?
        /// Wakes the one who looks at storage's queue, while there is a connection.
        var lookerWakeup: AsyncStream<Void>.Continuation?
    }

    private let state: Mutex<State>
    private let topology: Topology
    private let appID: String
    private let time: TimeSource
    private let alarms: Alarms
    private let limits: HubLimits
    private let nackPause: Duration
    private let looksAtQueue: Bool
    private let roundTrip: (@Sendable (OperationName, Duration) -> Void)?
    private let logger: Logger

    /// - Parameters:
    ///   - nackPause: how long to wait before a request that the hub refused is sent again.
    ///   - looksAtQueue: whether the topology's queue is the one that requests go to. Then a request that lies in it while
    ///     nobody consumes it fails at once, and not only at its deadline.
    ///   - roundTrip: told of every reply: the operation, and the time from asking until it was there.
    public init(
        topology: Topology,
        appID: String = Topology.App.imageService,
        time: TimeSource,
        limits: HubLimits = HubLimits(),
        nackPause: Duration = .milliseconds(50),
        looksAtQueue: Bool = false,
        roundTrip: (@Sendable (OperationName, Duration) -> Void)? = nil,
        logger: Logger
    ) {
        state = Mutex(State(table: Table(limits: limits)))
        self.topology = topology
        self.appID = appID
        self.time = time
        alarms = Alarms(time: time)
        self.limits = limits
        self.nackPause = nackPause
        self.looksAtQueue = looksAtQueue
        self.roundTrip = roundTrip
        self.logger = logger
    }

    /// What it has seen so far.
    public var counters: RequesterCounters { state.withLock { $0.table.counters } }

    /// Asks storage and waits for the reply, at most for `timeout`, retries and waiting for a connection included.
    ///
    /// - Parameters:
    ///   - operationID: 1 to 255 bytes. The same one again, after this has ended, gets the same reply and has no second
    ///     effect; while this is pending it throws `duplicateOperation`.
    ///   - traceparent: W3C Trace Context, passed on as a header; so is `tracestate`.
    public func request(
        _ operation: StorageOperation,
        operationID: String,
        timeout: Duration,
        traceparent: String? = nil,
        tracestate: String? = nil
    ) async throws(RequesterError) -> StorageReply.Outcome {
        // A correlation id is a short string (AMQP 0-9-1 §4.2.5.3).
        guard (1...255).contains(operationID.utf8.count) else {
            throw .invalidRequest("an operation id has 1 to 255 bytes, not \(operationID.utf8.count)")
        }
        if Task.isCancelled { throw .cancelled }
        let askedAt = time.now()
        let request = Table.Request(
            operationID: operationID,
            body: StorageRequest(operation, operationID: operationID).encoded(),
            traceparent: traceparent,
            tracestate: tracestate,
            deadline: askedAt + timeout
        )
        let mailbox = Mailbox<Order>()
        try submit(request, mailbox)
        let alarm = alarms.set(at: request.deadline) { [weak self] in self?.deadlineReached(operationID, mailbox) }
        defer { alarms.clear(alarm) }
        let result = await withTaskCancellationHandler {
            await carryOut(mailbox)
        } onCancel: {
            let isPending = state.withLock { $0.table.cancelled(operationID) { $0 === mailbox } }
            if isPending { mailbox.post(.finish(.failure(.cancelled))) }
        }
        let outcome = try result.get()
        roundTrip?(operation.name, time.now() - askedAt)
        return outcome
    }

    private func submit(_ request: Table.Request, _ mailbox: Mailbox<Order>) throws(RequesterError) {
        let (admission, connection) = state.withLock { state in
            (state.table.submit(request, waiter: mailbox, now: time.now()), state.connection)
        }
        switch admission {
        case .refused(let error): throw error
        case .waiting: break
        case .publish(let publication):
            guard let connection else { preconditionFailure("Cannot publish when no connection is attached") }
            mailbox.post(.publish(publication, connection))
        }
    }

    /// Does what the table orders until the request has ended. A publication runs beside the waiting, because a reply may
    /// come before the hub's confirm; it is cancelled with the request.
    private func carryOut(_ mailbox: Mailbox<Order>) async -> Result<StorageReply.Outcome, RequesterError> {
        await withDiscardingTaskGroup { group in
            while true {
                switch await mailbox.next() {
                case .publish(let publication, let connection):
                    // Immediate: the message is on its way before this task waits, without a change of threads. What is
                    // heard of it is taken in where it comes in.
                    group.addImmediateTask(executorPreference: connection.executor) {
                        await self.publish(publication, on: connection)
                    }
                case .finish(let result):
                    group.cancelAll()
                    return result
                }
            }
        }
    }

    /// Sends a request, again where the hub refuses it, until it is with the hub or has ended.
    private func publish(_ first: Table.Publication, on connection: any HubConnection) async {
        var publication = first
        while true {
            let end = await send(publication, on: connection)
            guard let end else { return }
            let (next, looker) = state.withLock { state in
                let next = state.table.publicationEnded(publication, end, now: time.now())
                let mustWake = end == .confirmed && state.table.lookerIsNeeded()
                return (next, mustWake ? state.lookerWakeup : nil)
            }
            looker?.yield()
            switch next {
            case .nothing: return
            case .finish(let directive): carryOut(directive, on: connection)
            case .retryLater:
                do { try await time.sleep(for: nackPause) } catch { return }
                let again = state.withLock { $0.table.retryDue(publication, now: time.now()) }
                guard let again else { return }
                publication = again
            }
        }
    }

    /// How the hub took the message; `nil` where the request has ended meanwhile.
    private func send(
        _ publication: Table.Publication,
        on connection: any HubConnection
    ) async -> Table.PublicationEnd? {
        let message = HubMessage(
            publication,
            appID: appID,
            timestampSeconds: UInt64(max(0, time.timestamp().millisecondsSinceEpoch / 1000))
        )
        let address = HubAddress(exchange: topology.exchange, routingKey: Topology.Key.request)
        do throws(HubError) {
            try await connection.publish(message, to: address, mandatory: true)
            return .confirmed
        } catch {
            switch error {
            case .returned(let code, _): return .returned(code: code)
            case .nacked: return .nacked
            case .closed, .refused, .timedOut, .unreachable: return .lost
            case .overloaded: return .overloaded
            case .invalid(let why): return .invalid(why)
            case .cancelled: return nil
            }
        }
    }

    // MARK: Connections

    public func run(on connection: any HubConnection) async throws {
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        let queue = try await connection.declareQueue(.exclusive)
        let replies = try await connection.consume(queue: queue.name, prefetch: limits.replyPrefetch)
        // One place: that there is a request to look for is all that the one who looks needs to know.
        let (wakeups, wakeup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let directives = state.withLock { state in
            state.connection = connection
            state.lookerWakeup = wakeup
            return state.table.attached(replyTo: queue.name, now: time.now())
        }
        defer {
            state.withLock { state in
                state.connection = nil
                state.lookerWakeup = nil
                state.table.detached()
            }
        }
        for directive in directives { carryOut(directive, on: connection) }
        try await withThrowingTaskGroup { group in
            group.addTask(executorPreference: connection.executor) {
                for await delivery in replies {
                    self.receive(delivery.message, on: connection)
                    try await connection.acknowledge(delivery)
                }
                try Task.checkCancellation()
                throw HubError.closed("the consumer of the reply queue ended")
            }
            if looksAtQueue { group.addTask { try await self.look(on: connection, when: wakeups) } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func receive(_ message: HubMessage, on connection: any HubConnection) {
        let reply: Table.Reply
        do throws(MalformedReply) {
            reply = .valid(try StorageReply(parsing: message.body))
        } catch {
            reply = .malformed(error)
        }
        let (directives, finding) = state.withLock {
            $0.table.replyReceived(reply, correlationID: message.correlationID)
        }
        for directive in directives { carryOut(directive, on: connection) }
        let correlationID = message.correlationID ?? "none"
        switch finding {
        case .taken: break
        case .takenDespiteCorrelation:
            logger.line(.warning, "reply with a wrong correlation id taken", [.correlationID: correlationID])
        case .invalid: logger.line(.warning, "reply breaks the protocol", [.correlationID: correlationID])
        case .late: logger.line(.debug, "late or repeated reply ignored", [.correlationID: correlationID])
        case .unknown: logger.line(.info, "reply to an unknown request ignored", [.correlationID: correlationID])
        }
    }

    private func carryOut(_ directive: Table.Directive, on connection: any HubConnection) {
        switch directive.order {
        case .publish(let publication): directive.waiter.post(.publish(publication, connection))
        case .finish(let result): directive.waiter.post(.finish(result))
        }
    }

    // MARK: Whether anybody listens

    /// Asks the hub a question that it can answer by itself, and then, with `andQueue`, how many consume storage's queue.
    ///
    /// Returns when the hub has answered, which is the sign of life that was wanted; the number is `nil` where it does not
    /// tell. There is no bound on the time: the caller's patience is.
    public func askHub(andQueue: Bool) async throws(HubError) -> Int? {
        guard let connection = state.withLock({ $0.connection }) else { throw .closed("no connection to the hub") }
        try await connection.declareExchange(
            ExchangeDeclaration(name: topology.exchange, kind: .topic, isDurable: true)
        )
        guard andQueue, looksAtQueue else { return nil }
        switch try await look(on: connection) {
        case .consumed(let count): return count
        case .abandoned: return 0
        case .missing, .unknown: return nil
        }
    }

    /// Looks at storage's queue and says whether nobody has taken requests for a while. As long as the hub takes to answer.
    public func isStorageKnownAway() async throws(HubError) -> Bool {
        if looksAtQueue, let connection = state.withLock({ $0.connection }) { _ = try await look(on: connection) }
        return state.withLock { $0.table.isKnownAway(now: time.now()) }
    }

    /// Looks at storage's queue whenever a request lies with the hub for too long.
    private func look(on connection: any HubConnection, when wakeups: AsyncStream<Void>) async throws {
        var wakeups = wakeups.makeAsyncIterator()
        while true {
            let now = time.now()
            guard let due = state.withLock({ $0.table.nextLook(now: now) }) else {
                guard await wakeups.next() != nil else { throw CancellationError() }
                continue
            }
            // After a pause the question is put anew: most requests are answered by then.
            if due > now { try await time.sleep(for: due - now) } else { _ = try await look(on: connection) }
        }
    }

    @discardableResult
    private func look(on connection: any HubConnection) async throws(HubError) -> Table.Look {
        let look = try await queueLook(on: connection)
        for directive in state.withLock({ $0.table.looked(look, now: time.now()) }) {
            carryOut(directive, on: connection)
        }
        return look
    }

    private func queueLook(on connection: any HubConnection) async throws(HubError) -> Table.Look {
        do throws(HubError) {
            let queue = try await connection.declareQueue(QueueDeclaration(name: topology.queue, isPassive: true))
            return queue.consumerCount > 0
                ? .consumed(by: queue.consumerCount) : .abandoned(messages: queue.messageCount)
        } catch {
            guard case .refused(let code, _) = error else { throw error }
            // AMQP 0-9-1 §1.2, reply code 404: not found.
            return code == 404 ? .missing : .unknown
        }
    }

    // MARK: Deadlines

    private func deadlineReached(_ operationID: String, _ mailbox: Mailbox<Order>) {
        let directive = state.withLock { $0.table.deadlineReached(operationID) { $0 === mailbox } }
        if let directive, case .finish(let result) = directive.order { mailbox.post(.finish(result)) }
    }
}
