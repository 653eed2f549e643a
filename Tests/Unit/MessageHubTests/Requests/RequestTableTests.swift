import HubProtocol
import JSON
import Testing

@testable import MessageHub

/// Transcripts: what is told to the table, and what it orders.
@Suite struct RequestTableTests {
    private typealias Table = RequestTable<String>

    private let data: JSONValue = ["id": "i"]

    private func request(_ id: String, deadline: Duration = .seconds(5)) -> Table.Request {
        Table.Request(operationID: id, body: Array(id.utf8), deadline: deadline)
    }

    private func publication(
        _ id: String,
        _ number: Int,
        leftMs: Int = 5000,
        replyTo: String = "q"
    ) -> Table.Publication {
        Table.Publication(request: request(id), number: number, replyTo: replyTo, expirationMs: leftMs)
    }

    private func reply(_ id: String?) -> Table.Reply { .valid(StorageReply(operationID: id, outcome: .success(data))) }

    private func malformed(_ id: String?) -> Table.Reply {
        let body: JSONValue = ["operation_id": id.map(JSONValue.string) ?? .null]
        do throws(MalformedReply) {
            return .valid(try StorageReply(parsing: body.encoded()))
        } catch {
            return .malformed(error)
        }
    }

    private func done(_ waiter: String) -> Table.Directive {
        Table.Directive(waiter: waiter, order: .finish(.success(.success(data))))
    }

    private func failed(_ waiter: String, _ error: RequesterError) -> Table.Directive {
        Table.Directive(waiter: waiter, order: .finish(.failure(error)))
    }

    private func deadline(of id: String, by waiter: String = "A", in table: inout Table) -> Table.Directive? {
        table.deadlineReached(id) { $0 == waiter }
    }

    private func attachedTable(_ limits: HubLimits = HubLimits()) -> Table {
        var table = Table(limits: limits)
        #expect(table.attached(replyTo: "q", now: .zero) == [])
        return table
    }

    // MARK: The way it should go

    @Test func `asked, sent, confirmed, answered`() {
        var table = attachedTable()
        #expect(
            table.submit(request("a"), waiter: "A", now: .milliseconds(100))
                == .publish(publication("a", 0, leftMs: 4900))
        )
        #expect(table.publicationEnded(publication("a", 0), .confirmed, now: .zero) == .nothing)
        #expect(table.counters.inFlight == 1)
        let (directives, finding) = table.replyReceived(reply("a"), correlationID: "a")
        #expect(directives == [done("A")])
        #expect(finding == .taken)
        #expect(table.counters.inFlight == 0)
        #expect(table.counters.replies == 1)
    }

    @Test func `a reply may overtake the confirm`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(table.replyReceived(reply("a"), correlationID: "a").directives == [done("A")])
        #expect(table.publicationEnded(publication("a", 0), .confirmed, now: .zero) == .nothing)
        #expect(table.publicationEnded(publication("a", 0), .returned(code: 312), now: .zero) == .nothing)
    }

    @Test func `an error of storage is an outcome`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        let outcome = StorageReply.Outcome.failure(StorageFailure(.internalError, "broken"))
        let (directives, _) = table.replyReceived(
            .valid(StorageReply(operationID: "a", outcome: outcome)),
            correlationID: "a"
        )
        #expect(directives == [Table.Directive(waiter: "A", order: .finish(.success(outcome)))])
    }

    // MARK: Whose reply is it

    @Test func `the body decides whose reply it is`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        let (directives, finding) = table.replyReceived(reply("a"), correlationID: "somebody-else")
        #expect(directives == [done("A")])
        #expect(finding == .takenDespiteCorrelation)
        #expect(table.counters.mismatchedCorrelations == 1)
    }

    @Test func `a reply without correlation id is taken by its body`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(table.replyReceived(reply("a"), correlationID: nil).directives == [done("A")])
    }

    @Test(arguments: [nil, "x", "A", "a "] as [String?])
    func `a waiting request's correlation id on a body that is not its own fails it at once`(bodyID: String?) {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        let (directives, finding) = table.replyReceived(reply(bodyID), correlationID: "a")
        let what = bodyID == nil ? "the reply has no operation_id" : "the reply has another operation_id"
        #expect(directives == [failed("A", .invalidResponse(what))])
        #expect(finding == .invalid)
        #expect(table.counters.invalidResponses == 1)
        #expect(table.counters.inFlight == 0)
    }

    @Test func `a body with another waiting request's id answers that one and fails the correlated one`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        _ = table.submit(request("b"), waiter: "B", now: .zero)
        let (directives, _) = table.replyReceived(reply("a"), correlationID: "b")
        #expect(directives == [failed("B", .invalidResponse("the reply has another operation_id")), done("A")])
    }

    @Test func `a malformed body fails whom it names, else whom it is correlated with`() {
        var table = attachedTable()
        for id in ["a", "b"] { _ = table.submit(request(id), waiter: id.uppercased(), now: .zero) }
        let why = RequesterError.invalidResponse("status is missing")
        #expect(table.replyReceived(malformed("a"), correlationID: "a").directives == [failed("A", why)])
        let none = RequesterError.invalidResponse("the reply has no operation_id")
        #expect(table.replyReceived(malformed(nil), correlationID: "b").directives == [failed("B", none)])
        #expect(table.replyReceived(malformed(nil), correlationID: nil).finding == .unknown)
    }

    @Test func `unknown, late and repeated replies change nothing and are told apart`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        for (id, correlationID) in [("x", "x"), ("x", nil), (nil, nil), (nil, "x")] as [(String?, String?)] {
            let (directives, finding) = table.replyReceived(reply(id), correlationID: correlationID)
            #expect(directives == [])
            #expect(finding == .unknown)
        }
        _ = table.replyReceived(reply("a"), correlationID: "a")
        #expect(table.replyReceived(reply("a"), correlationID: "a").finding == .late)
        _ = table.submit(request("b"), waiter: "B", now: .zero)
        _ = table.deadlineReached("b") { $0 == "B" }
        #expect(table.replyReceived(reply("b"), correlationID: "b").finding == .late)
        #expect(table.counters.unknownReplies == 4)
        #expect(table.counters.duplicateReplies == 2)
        #expect(table.counters.replies == 1)
    }

    // MARK: The hub's refusals

    @Test func `returned means unavailable at once`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        let error = RequesterError.unavailable("no storage service listens (312)")
        #expect(
            table.publicationEnded(publication("a", 0), .returned(code: 312), now: .zero) == .finish(failed("A", error))
        )
        #expect(table.counters.unavailable == 1)
    }

    @Test func `nacked is sent again with the time that is left`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(table.publicationEnded(publication("a", 0), .nacked, now: .zero) == .retryLater)
        #expect(table.retryDue(publication("a", 0), now: .seconds(1)) == publication("a", 1, leftMs: 4000))
        // The first sending has nothing to say any more.
        #expect(table.publicationEnded(publication("a", 0), .nacked, now: .zero) == .nothing)
        #expect(table.retryDue(publication("a", 0), now: .seconds(1)) == nil)
        #expect(table.counters.retries == 1)
        #expect(table.publicationEnded(publication("a", 1), .nacked, now: .zero) == .retryLater)
        let error = RequesterError.unavailable("the hub did not take the request")
        #expect(deadline(of: "a", in: &table) == failed("A", error))
        #expect(table.retryDue(publication("a", 1), now: .seconds(5)) == nil)
    }

    @Test func `what cannot be sent fails at once`() {
        var table = attachedTable()
        for id in ["a", "b"] { _ = table.submit(request(id), waiter: id.uppercased(), now: .zero) }
        #expect(
            table.publicationEnded(publication("a", 0), .overloaded, now: .zero) == .finish(failed("A", .overloaded))
        )
        let error = RequesterError.invalidRequest("too long")
        #expect(
            table.publicationEnded(publication("b", 1), .invalid("too long"), now: .zero) == .finish(failed("B", error))
        )
    }

    // MARK: Connections come and go

    @Test func `asked without a connection waits for one`() {
        var table = Table(limits: HubLimits())
        #expect(table.submit(request("a"), waiter: "A", now: .zero) == .waiting)
        #expect(
            table.attached(replyTo: "q", now: .seconds(2))
                == [Table.Directive(waiter: "A", order: .publish(publication("a", 0, leftMs: 3000)))]
        )
        #expect(table.counters.retries == 0)
    }

    @Test func `a new connection sends everything pending again, in order, to the new queue`() {
        var table = attachedTable()
        for id in ["c", "a", "b"] { _ = table.submit(request(id), waiter: id.uppercased(), now: .zero) }
        _ = table.publicationEnded(publication("c", 0), .confirmed, now: .zero)
        _ = table.publicationEnded(publication("a", 1), .lost, now: .zero)
        table.detached()
        #expect(table.submit(request("d"), waiter: "D", now: .seconds(1)) == .waiting)
        let directives = table.attached(replyTo: "q2", now: .seconds(1))
        let expected = zip(["c", "a", "b", "d"], 3...).map { id, number in
            Table.Directive(
                waiter: id.uppercased(),
                order: .publish(publication(id, number, leftMs: 4000, replyTo: "q2"))
            )
        }
        #expect(directives == expected)
        #expect(table.counters.retries == 3)
        // What is heard of the old sendings is old.
        #expect(table.publicationEnded(publication("b", 2), .returned(code: 312), now: .zero) == .nothing)
        #expect(table.replyReceived(reply("b"), correlationID: "b").directives == [done("B")])
    }

    @Test func `a sending lost on a connection that seems alive waits for the next`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(table.publicationEnded(publication("a", 0), .lost, now: .zero) == .nothing)
        #expect(deadline(of: "a", in: &table) == failed("A", .unavailable("no connection to the hub")))
    }

    // MARK: Deadlines

    @Test func `the deadline is a timeout while connected, unavailable while not`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        _ = table.submit(request("b", deadline: .seconds(6)), waiter: "B", now: .zero)
        // Another's, that had the id before.
        #expect(deadline(of: "a", by: "B", in: &table) == nil)
        #expect(deadline(of: "a", in: &table) == failed("A", .timeout))
        #expect(deadline(of: "a", in: &table) == nil)
        table.detached()
        #expect(deadline(of: "b", by: "B", in: &table) == failed("B", .unavailable("no connection to the hub")))
        #expect(table.counters.timeouts == 1)
        #expect(table.counters.unavailable == 1)
        #expect(table.attached(replyTo: "q", now: .seconds(6)) == [])
    }

    @Test func `less than a millisecond left still expires some time`() {
        var table = attachedTable()
        guard case .publish(let sent) = table.submit(request("a"), waiter: "A", now: .microseconds(4_999_900)) else {
            Issue.record("not sent")
            return
        }
        #expect(sent.expirationMs == 1)
        #expect(table.submit(request("b"), waiter: "B", now: .seconds(5)) == .refused(.timeout))
    }

    // MARK: Bounds

    @Test func `past the bound a request is turned away`() {
        var limits = HubLimits()
        limits.requestsPendingMax = 2
        var table = attachedTable(limits)
        for id in ["a", "b"] { _ = table.submit(request(id), waiter: id.uppercased(), now: .zero) }
        #expect(table.submit(request("c"), waiter: "C", now: .zero) == .refused(.overloaded))
        #expect(table.counters.overloaded == 1)
        _ = table.replyReceived(reply("a"), correlationID: "a")
        #expect(table.submit(request("c"), waiter: "C", now: .zero) == .publish(publication("c", 2)))
    }

    @Test func `the same operation id while pending is turned away, afterwards not`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(table.submit(request("a"), waiter: "A2", now: .zero) == .refused(.duplicateOperation))
        _ = table.replyReceived(reply("a"), correlationID: "a")
        #expect(table.submit(request("a"), waiter: "A2", now: .zero) == .publish(publication("a", 1)))
    }

    @Test func `a cancelled request is gone, but not another's with its id`() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        #expect(!table.cancelled("a") { $0 == "B" })
        #expect(table.cancelled("a") { $0 == "A" })
        #expect(!table.cancelled("a") { $0 == "A" })
        #expect(table.counters.inFlight == 0)
        #expect(table.counters.cancelled == 1)
        #expect(table.replyReceived(reply("a"), correlationID: "a").finding == .late)
        table.detached()
        #expect(table.attached(replyTo: "q2", now: .zero) == [])
    }

    @Test func `only so many ended requests are remembered`() {
        var limits = HubLimits()
        limits.recentOperationsMax = 2
        var table = attachedTable(limits)
        for id in ["a", "b", "c"] {
            _ = table.submit(request(id), waiter: id, now: .zero)
            _ = table.replyReceived(reply(id), correlationID: id)
        }
        #expect(table.replyReceived(reply("a"), correlationID: "a").finding == .unknown)
        #expect(table.replyReceived(reply("b"), correlationID: "b").finding == .late)
        #expect(table.replyReceived(reply("c"), correlationID: "c").finding == .late)
    }

    @Test func aReturnSoonAfterAReconnectIsTriedAgainAndLaterMeansThatNobodyListens() {
        var table = Table(limits: HubLimits())
        _ = table.attached(replyTo: "q1", now: .zero)
        table.detached()
        _ = table.attached(replyTo: "q2", now: .seconds(10))
        _ = table.submit(request("a", deadline: .seconds(60)), waiter: "A", now: .seconds(11))
        #expect(table.publicationEnded(publication("a", 0), .returned(code: 312), now: .seconds(11)) == .retryLater)
        let again = table.retryDue(publication("a", 0), now: .seconds(14))
        #expect(again?.number == 1)
        let error = RequesterError.unavailable("no storage service listens (312)")
        #expect(
            table.publicationEnded(publication("a", 1), .returned(code: 312), now: .seconds(14))
                == .finish(failed("A", error))
        )
    }

    // MARK: Whether anybody listens

    private static let nobody = RequesterError.unavailable("no storage service consumes its queue")

    /// A table with one request that the hub has, and that nobody answers.
    private func confirmedTable(deadline: Duration = .seconds(5)) -> Table {
        var table = attachedTable()
        _ = table.submit(request("a", deadline: deadline), waiter: "A", now: .zero)
        let sent = publication("a", 0, leftMs: deadline.milliseconds)
        let next = table.publicationEnded(
            Table.Publication(
                request: request("a", deadline: deadline),
                number: sent.number,
                replyTo: "q",
                expirationMs: sent.expirationMs
            ),
            .confirmed,
            now: .zero
        )
        #expect(next == .nothing)
        return table
    }

    @Test func theQueueIsLookedAtWhenARequestLiesThereForLong() {
        var table = attachedTable()
        #expect(table.nextLook(now: .zero) == nil)
        let isNeeded = [table.lookerIsNeeded(), table.lookerIsNeeded()]
        #expect(isNeeded == [true, false])
        table = confirmedTable()
        #expect(table.nextLook(now: .zero) == .milliseconds(250))
        let isNeededAsWell = table.lookerIsNeeded()
        #expect(!isNeededAsWell)
        // As long as somebody consumes it, once a second is enough.
        #expect(table.looked(.consumed(by: 1), now: .milliseconds(250)) == [])
        #expect(table.nextLook(now: .milliseconds(250)) == .milliseconds(1250))
        _ = table.replyReceived(reply("a"), correlationID: "a")
        #expect(table.nextLook(now: .milliseconds(300)) == nil)
    }

    @Test func aShortDeadlineIsNotMissed() {
        var table = confirmedTable(deadline: .milliseconds(200))
        #expect(table.nextLook(now: .zero) == .milliseconds(100))
        #expect(table.looked(.abandoned(messages: 1), now: .milliseconds(100)) == [])
        #expect(deadline(of: "a", in: &table) == failed("A", Self.nobody))
    }

    @Test func nobodyAtTheQueueIsUnavailableAfterAMoment() {
        var table = confirmedTable()
        #expect(table.looked(.abandoned(messages: 1), now: .milliseconds(250)) == [])
        #expect(!table.isKnownAway(now: .milliseconds(250)))
        #expect(table.nextLook(now: .milliseconds(250)) == .milliseconds(1250))
        #expect(table.looked(.abandoned(messages: 1), now: .milliseconds(1250)) == [failed("A", Self.nobody)])
        #expect(table.isKnownAway(now: .milliseconds(1250)))
        // From now on there is nothing to wait for.
        _ = table.submit(request("b", deadline: .seconds(7)), waiter: "B", now: .seconds(2))
        _ = table.publicationEnded(
            Table.Publication(
                request: request("b", deadline: .seconds(7)),
                number: 1,
                replyTo: "q",
                expirationMs: 5000
            ),
            .confirmed,
            now: .seconds(2)
        )
        #expect(table.nextLook(now: .seconds(2)) == .seconds(2))
        #expect(table.looked(.abandoned(messages: 2), now: .seconds(2)) == [failed("B", Self.nobody)])
        #expect(table.counters.unavailable == 2)
    }

    @Test func whoIsBackInTimeHasNotBeenAway() {
        var table = confirmedTable()
        _ = table.looked(.abandoned(messages: 1), now: .milliseconds(250))
        #expect(table.looked(.consumed(by: 1), now: .milliseconds(1250)) == [])
        #expect(!table.isKnownAway(now: .seconds(9)))
        #expect(deadline(of: "a", in: &table) == failed("A", .timeout))
    }

    /// It was taken, so an answer may come; or it lies in another queue than the one that was looked at.
    @Test(arguments: [RequestTable<String>.Look.abandoned(messages: 0), .missing, .unknown])
    func whatDoesNotLieThereIsWaitedFor(_ look: RequestTable<String>.Look) {
        var table = confirmedTable()
        for second in 1...4 { #expect(table.looked(look, now: .seconds(second)) == []) }
        #expect(deadline(of: "a", in: &table) == failed("A", .timeout))
    }

    /// Storage lost its connection, too, and may take a moment longer to come back.
    @Test func afterAReconnectStorageHasItsTime() {
        var table = confirmedTable(deadline: .seconds(60))
        table.detached()
        _ = table.attached(replyTo: "q2", now: .seconds(10))
        let again = Table.Publication(
            request: request("a", deadline: .seconds(60)),
            number: 1,
            replyTo: "q2",
            expirationMs: 50_000
        )
        _ = table.publicationEnded(again, .confirmed, now: .seconds(10))
        #expect(table.looked(.abandoned(messages: 1), now: .milliseconds(10_250)) == [])
        #expect(table.nextLook(now: .milliseconds(10_250)) == .seconds(13))
        #expect(table.looked(.abandoned(messages: 1), now: .seconds(13)) == [failed("A", Self.nobody)])
    }

    @Test func whoWasAwayBeforeTheReconnectHasNot() {
        var table = attachedTable()
        _ = table.submit(request("a"), waiter: "A", now: .zero)
        let error = RequesterError.unavailable("no storage service listens (312)")
        #expect(
            table.publicationEnded(publication("a", 0), .returned(code: 312), now: .zero) == .finish(failed("A", error))
        )
        table.detached()
        _ = table.attached(replyTo: "q2", now: .seconds(10))
        _ = table.submit(request("b", deadline: .seconds(16)), waiter: "B", now: .seconds(11))
        let sent = Table.Publication(
            request: request("b", deadline: .seconds(16)),
            number: 1,
            replyTo: "q2",
            expirationMs: 5000
        )
        #expect(table.publicationEnded(sent, .returned(code: 312), now: .seconds(11)) == .finish(failed("B", error)))
    }
}
