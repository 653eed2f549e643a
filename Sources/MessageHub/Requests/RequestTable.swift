import HubProtocol

/// The requests of one requester that wait for their reply: all decisions, no I/O, no clock.
///
/// Events go in, with the time where it matters; directives for those who wait come out. `Waiter` is whatever stands for
/// the task that asked; a test takes strings.
///
///     var table = RequestTable<String>(limits: HubLimits())
///     table.attached(replyTo: "q", now: .zero)                     // []
///     table.submit(request, waiter: "alice", now: .zero)           // .publish(…)
///     table.replyReceived(.valid(reply), correlationID: nil)       // [(alice, .reply(…))]
struct RequestTable<Waiter> {
    /// What is asked.
    struct Request: Sendable, Equatable {
        var operationID: String
        var body: [UInt8]
        var traceparent: String?
        var tracestate: String?
        var deadline: Duration
    }

    /// One sending of a request.
    struct Publication: Sendable, Equatable {
        var request: Request
        /// Different for every sending. What is heard of an earlier one does not count any more.
        var number: Int
        var replyTo: String
        /// The time left, in milliseconds; at least 1.
        var expirationMs: Int
    }

    /// What the one who waits is to do.
    enum Order: Sendable, Equatable {
        /// Send the request, and tell how that ended (`publicationEnded`).
        case publish(Publication)
        /// It is over.
        case finish(Result<StorageReply.Outcome, RequesterError>)
    }

    struct Directive {
        var waiter: Waiter
        var order: Order
    }

    enum Admission: Equatable {
        case refused(RequesterError)
        /// There is no connection yet.
        case waiting
        case publish(Publication)
    }

    private enum Stage: Equatable {
        /// For a connection: it was never sent, or the connection that it was sent on is gone.
        case waiting
        /// It was given to the hub, which has not confirmed it yet.
        case sent
        /// The hub has it: it lies in storage's queue, or storage has taken it.
        case confirmed(at: Duration)
        /// The hub refused or returned it; another attempt follows.
        case refusedByHub
    }

    private struct Entry {
        var request: Request
        var waiter: Waiter
        /// The order of submission.
        var serial: Int
        var stage = Stage.waiting
        /// The number of the last sending; `nil` before the first.
        var publication: Int?

        var isConfirmed: Bool {
            if case .confirmed = stage { true } else { false }
        }
    }

    private var entries: [String: Entry] = [:]
    private var replyTo: String?
    /// While it lasts, a return does not yet mean that nobody listens; `nil` before the first connection.
    private var returnGraceEnd: Duration?
    /// Since when nobody is known to take requests; `nil` where somebody does, or nobody knows.
    private var awaySince: Duration?
    /// Whether the last look at storage's queue found requests in it that nobody takes.
    private var isAbandoned = false
    /// No look at the queue before this.
    private var nextLookAllowed = Duration.zero
    /// Whether whoever looks at the queue sleeps until it is told of a request.
    private var isLookerIdle = false
    private var nextSerial = 0
    private var nextPublication = 0
    private var recent: RecentIDs
    private let limits: HubLimits
    private var counts = RequesterCounters()

    init(limits: HubLimits) {
        self.limits = limits
        recent = RecentIDs(capacity: limits.recentOperationsMax)
    }

    var counters: RequesterCounters {
        var counters = counts
        counters.inFlight = entries.count
        return counters
    }

    // MARK: Those who ask

    mutating func submit(_ request: Request, waiter: Waiter, now: Duration) -> Admission {
        guard entries[request.operationID] == nil else { return .refused(.duplicateOperation) }
        guard entries.count < limits.requestsPendingMax else {
            counts.overloaded += 1
            return .refused(.overloaded)
        }
        guard request.deadline > now else {
            counts.timeouts += 1
            return .refused(.timeout)
        }
        counts.requests += 1
        var entry = Entry(request: request, waiter: waiter, serial: nextSerial)
        nextSerial += 1
        defer { entries[request.operationID] = entry }
        guard let replyTo else { return .waiting }
        return .publish(publication(of: &entry, replyTo: replyTo, now: now))
    }

    /// The task that asked was cancelled. `false`: the request had ended already, and one that has its id since then is
    /// another's.
    mutating func cancelled(_ operationID: String, isOwn: (Waiter) -> Bool) -> Bool {
        guard let entry = entries[operationID], isOwn(entry.waiter) else { return false }
        entries[operationID] = nil
        counts.cancelled += 1
        recent.insert(operationID)
        return true
    }

    // MARK: The connection

    /// There is a connection, with a queue for replies: everything that is pending is sent on it, again or for the first
    /// time. That is safe, because storage carries an operation out once (contract §3).
    mutating func attached(replyTo: String, now: Duration) -> [Directive] {
        self.replyTo = replyTo
        let isStorageExpected = returnGraceEnd != nil && !isKnownAway(now: now)
        returnGraceEnd = isStorageExpected ? now + .milliseconds(limits.returnGraceMs) : now
        nextLookAllowed = now
        return entries.values.sorted { $0.serial < $1.serial }.map { entry in
            var entry = entry
            let publication = publication(of: &entry, replyTo: replyTo, now: now)
            entries[entry.request.operationID] = entry
            return Directive(waiter: entry.waiter, order: .publish(publication))
        }
    }

    /// The connection is gone, and with it the queue for replies.
    mutating func detached() {
        replyTo = nil
        isAbandoned = false
        for id in entries.keys { entries[id]!.stage = .waiting }
    }

    private mutating func publication(of entry: inout Entry, replyTo: String, now: Duration) -> Publication {
        if entry.publication != nil { counts.retries += 1 }
        entry.stage = .sent
        let number = nextPublication
        nextPublication += 1
        entry.publication = number
        return Publication(
            request: entry.request,
            number: number,
            replyTo: replyTo,
            expirationMs: max(1, (entry.request.deadline - now).milliseconds)
        )
    }

    // MARK: Publications

    /// How the sending of a request ended.
    enum PublicationEnd: Equatable {
        case confirmed
        /// `basic.return`: no queue takes it.
        case returned(code: Int)
        /// `basic.nack`.
        case nacked
        /// The connection ended meanwhile.
        case lost
        /// A limit of the connection was reached.
        case overloaded
        /// It could not be sent at all.
        case invalid(String)
    }

    enum AfterPublication {
        case nothing
        /// Wait a little, then ask `retryDue`.
        case retryLater
        case finish(Directive)
    }

    mutating func publicationEnded(
        _ publication: Publication,
        _ end: PublicationEnd,
        now: Duration
    ) -> AfterPublication {
        let operationID = publication.request.operationID
        guard let entry = entries[operationID], entry.publication == publication.number else { return .nothing }
        switch end {
        case .confirmed:
            entries[operationID]!.stage = .confirmed(at: now)
            return .nothing
        case .returned where now < returnGraceEnd ?? now:
            awaySince = awaySince ?? now
            entries[operationID]!.stage = .refusedByHub
            return .retryLater
        case .returned(let code):
            awaySince = awaySince ?? now
            return .finish(fail(entry, .unavailable("no storage service listens (\(code))")))
        case .nacked:
            entries[operationID]!.stage = .refusedByHub
            return .retryLater
        case .lost:
            entries[operationID]!.stage = .waiting
            return .nothing
        case .overloaded:
            return .finish(fail(entry, .overloaded))
        case .invalid(let why):
            return .finish(fail(entry, .invalidRequest(why)))
        }
    }

    /// The pause after a refusal is over: the next sending, where the request still waits for it.
    mutating func retryDue(_ publication: Publication, now: Duration) -> Publication? {
        let operationID = publication.request.operationID
        guard var entry = entries[operationID], entry.publication == publication.number, entry.stage == .refusedByHub,
            let replyTo
        else { return nil }
        defer { entries[operationID] = entry }
        return self.publication(of: &entry, replyTo: replyTo, now: now)
    }

    // MARK: Replies

    enum Reply {
        case valid(StorageReply)
        case malformed(MalformedReply)
    }

    /// What a reply did to the table, for the log.
    enum Finding: Equatable {
        case taken
        /// Taken, although its `correlation_id` is another.
        case takenDespiteCorrelation
        /// It made a request fail.
        case invalid
        /// It answers a request that has ended already.
        case late
        case unknown
    }

    /// A reply came. The body's operation id decides which request it belongs to; the `correlation_id` only shows which
    /// request is answered by something that is no answer to it (contract §7).
    mutating func replyReceived(_ reply: Reply, correlationID: String?) -> (directives: [Directive], finding: Finding) {
        let operationID: String?
        switch reply {
        case .valid(let reply): operationID = reply.operationID
        case .malformed(let malformed): operationID = malformed.operationID
        }
        var directives: [Directive] = []
        let addressed = operationID.flatMap { entries[$0] }
        // A waiting request's correlation id on a body that has no operation id, or another's.
        if let correlationID, correlationID != operationID, let mislead = entries[correlationID] {
            let what = operationID == nil ? "the reply has no operation_id" : "the reply has another operation_id"
            directives.append(fail(mislead, .invalidResponse(what)))
        }
        guard let addressed else {
            if !directives.isEmpty { return (directives, .invalid) }
            let isLate = operationID.map(recent.contains) ?? false
            if isLate { counts.duplicateReplies += 1 } else { counts.unknownReplies += 1 }
            return ([], isLate ? .late : .unknown)
        }
        switch reply {
        case .malformed(let malformed):
            directives.append(fail(addressed, .invalidResponse(malformed.problems.description)))
            return (directives, .invalid)
        case .valid(let reply):
            counts.replies += 1
            (awaySince, isAbandoned) = (nil, false)
            directives.append(finish(addressed, .success(reply.outcome)))
            guard correlationID == operationID else {
                counts.mismatchedCorrelations += 1
                return (directives, .takenDespiteCorrelation)
            }
            return (directives, .taken)
        }
    }

    // MARK: Whether anybody listens

    /// How storage's queue stands.
    enum Look: Equatable {
        /// So many consume it, one at least.
        case consumed(by: Int)
        /// Nobody does; so many messages wait in it.
        case abandoned(messages: Int)
        /// There is no such queue.
        case missing
        /// The hub does not tell, or nobody knows the queue's name.
        case unknown
    }

    private static var nobodyConsumes: String { "no storage service consumes its queue" }

    /// Whether nobody has taken requests for long enough to say that storage is away, and not about to come back.
    func isKnownAway(now: Duration) -> Bool {
        awaySince.map { now - $0 >= .milliseconds(limits.absenceGraceMs) } ?? false
    }

    /// When the queue is to be looked at next, because a request lies with the hub and is not answered. `nil`: when
    /// `lookerIsNeeded` says so.
    ///
    /// A message that lies in a queue is never returned, so this is the only way to know of a storage that went away.
    mutating func nextLook(now: Duration) -> Duration? {
        let patience = isKnownAway(now: now) ? Duration.zero : .milliseconds(limits.lookPatienceMs)
        var first: Duration?
        for entry in entries.values {
            guard case .confirmed(let confirmedAt) = entry.stage else { continue }
            let due = confirmedAt + min(patience, (entry.request.deadline - confirmedAt) / 2)
            first = min(first ?? due, due)
        }
        isLookerIdle = first == nil
        return first.map { max($0, nextLookAllowed) }
    }

    /// Whether whoever looks at the queue has to be woken: asked after each confirmation.
    mutating func lookerIsNeeded() -> Bool {
        defer { isLookerIdle = false }
        return isLookerIdle
    }

    /// The queue was looked at. Where nobody consumes it and the requests still lie there, they fail, unless storage has
    /// a moment left to come back. Storage may carry them out later all the same, as after a timeout.
    mutating func looked(_ look: Look, now: Duration) -> [Directive] {
        isAbandoned = false
        switch look {
        case .consumed:
            awaySince = nil
            nextLookAllowed = now + .milliseconds(limits.lookPauseMs)
            return []
        case .unknown:
            nextLookAllowed = now + .milliseconds(limits.refusedLookPauseMs)
            return []
        case .missing:
            awaySince = awaySince ?? now
            nextLookAllowed = now + .milliseconds(limits.refusedLookPauseMs)
            return []
        // Taken by somebody who then left, or who is no consumer: the reply may still come.
        case .abandoned(messages: 0):
            awaySince = awaySince ?? now
            nextLookAllowed = now + .milliseconds(limits.lookPauseMs)
            return []
        case .abandoned:
            isAbandoned = true
            let since = awaySince ?? now
            awaySince = since
            let end = max(since + .milliseconds(limits.absenceGraceMs), returnGraceEnd ?? now)
            nextLookAllowed = max(end, now)
            guard now >= end else { return [] }
            return entries.values.filter(\.isConfirmed).sorted { $0.serial < $1.serial }.map { entry in
                fail(entry, .unavailable(Self.nobodyConsumes))
            }
        }
    }

    // MARK: Time

    /// The deadline of a request has come. `nil`: it had ended already, and one that has its id since then is another's.
    mutating func deadlineReached(_ operationID: String, isOwn: (Waiter) -> Bool) -> Directive? {
        guard let entry = entries[operationID], isOwn(entry.waiter) else { return nil }
        return switch entry.stage {
        case .waiting: fail(entry, .unavailable("no connection to the hub"))
        case .refusedByHub: fail(entry, .unavailable("the hub did not take the request"))
        case .confirmed where isAbandoned: fail(entry, .unavailable(Self.nobodyConsumes))
        case .sent, .confirmed: fail(entry, .timeout)
        }
    }

    // MARK: Ends

    private mutating func fail(_ entry: Entry, _ error: RequesterError) -> Directive {
        switch error {
        case .timeout: counts.timeouts += 1
        case .unavailable: counts.unavailable += 1
        case .overloaded: counts.overloaded += 1
        case .invalidResponse: counts.invalidResponses += 1
        case .cancelled: counts.cancelled += 1
        case .duplicateOperation, .invalidRequest: break
        }
        return finish(entry, .failure(error))
    }

    private mutating func finish(
        _ entry: Entry,
        _ result: Result<StorageReply.Outcome, RequesterError>
    ) -> Directive {
        entries[entry.request.operationID] = nil
        recent.insert(entry.request.operationID)
        return Directive(waiter: entry.waiter, order: .finish(result))
    }
}

extension RequestTable.Directive: Sendable where Waiter: Sendable {}
extension RequestTable.Directive: Equatable where Waiter: Equatable {}
extension RequestTable.AfterPublication: Equatable where Waiter: Equatable {}
