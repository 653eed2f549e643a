import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Synchronization

/// The course of one request while a plan is armed: the same steps as without, and what a fault does at each.
///
/// Received, effect, reply, acknowledgement (contract §5, `at`). Without a plan nothing of this is run.
///
/// Whatever a fault makes the request wait for ends early where the plan is taken away, and where storage drains: then
/// the request goes on at once. Where the namespace is reset it is dropped: acknowledged, with no effect and no reply
/// that it has not had by then.
struct RequestCourse: Sendable {
    private let arrival: RequestArrival
    private let space: StorageSpace
    private let handler: RequestHandler
    private let settlement = Settlement()
    private var request: ReceivedRequest { arrival.request }
    private var trouble: Trouble { space.trouble }
    private var time: TimeSource { handler.time }
    private var instance: StorageInstance { handler.instance }

    /// When a request expires that does not say so: what an Image Service waits that nobody has told otherwise.
    private static let expirationMs = 5000

    /// nil: nothing is armed that could strike it.
    init?(_ arrival: RequestArrival, handler: RequestHandler) {
        guard arrival.isWatched, case .success(let space) = arrival.space else { return nil }
        self.arrival = arrival
        self.space = space
        self.handler = handler
    }

    private var effect: RequestEffect? { arrival.strike?.effect }

    func run(_ turn: ImageLanes.Turn) async {
        let id = request.operationID
        if let id { trouble.began(id) }
        defer { if let id { trouble.ended(id) } }
        guard let body = await handler.lanes.take(turn, { await carryOut() }), await reach(.beforeReply) else { return }
        guard let address = handler.replyAddress(of: request) else {
            handler.log("Request not answered: nowhere to answer to", request)
            return await settle(.confirmed)
        }
        guard await waitToReply() else { return }
        if effect == .dropReply { return await settle(.confirmed) }
        let reply = reply(body)
        let sending = await handler.send(reply, to: address)
        guard case .confirmed = sending else { return await settle(sending) }
        space.notes.reply(to: request.operationID, body: reply.body)
        trouble.published()
        guard await reach(.afterReply) else { return }
        if case .duplicateReply(let copies, let ms) = effect {
            for _ in 0..<copies {
                guard await pause(.milliseconds(ms)), case .confirmed = await handler.send(reply, to: address) else {
                    break
                }
                space.notes.reply(to: request.operationID, body: reply.body)
            }
        }
        if await reach(.beforeAck) { await settle(.confirmed) }
    }

    /// From the delivery to the effect: the body to answer with, or nil where that was all.
    private func carryOut() async -> [UInt8]? {
        guard await reach(.received) else { return nil }
        if effect == .dropRequest {
            await settle(.confirmed)
            return nil
        }
        if case .acknowledgeFirst(let ms) = effect {
            await settle(.confirmed)
            guard await pause(.milliseconds(ms)) else { return nil }
        }
        guard await reach(.beforeEffect) else { return nil }
        let body = await replyBody()
        return await reach(.afterEffect) ? body : nil
    }

    private func replyBody() async -> [UInt8] {
        switch request.content {
        case .success(let content): await replyBody(to: content)
        case .failure(let malformed): errorBody ?? RequestHandler.refusal(of: malformed)
        }
    }

    private func replyBody(to content: StorageRequest) async -> [UInt8] {
        if arrival.strike?.phase == .beforeEffect, let errorBody { return errorBody }
        var manner = StorageCore.Manner.asAsked
        if effect == .loseWrite { manner = .losingEffect }
        if effect == .readStale, let past = trouble.past(of: request.imageID) { manner = .onPast(past) }
        var notePast: (@Sendable (ImagePast) -> Void)?
        if space.faults?.isArmed([.staleRead]) ?? false {
            notePast = { [trouble] past in trouble.note(past) }
        }
        let decision = await space.core.carryOut(
            content,
            manner,
            ids: arrival.ids,
            conduct: handler.spaces.conduct,
            notePast: notePast
        )
        space.notes.effects(of: decision)
        return errorBody ?? decision.replyBody(operationID: content.operationID)
    }

    /// The error that a fault answers with.
    private var errorBody: [UInt8]? {
        guard case .answerError(let code) = effect else { return nil }
        let failure = StorageFailure(code: code, message: "a fault has it so")
        return StorageReply(operationID: request.operationID, outcome: .failure(failure)).encoded()
    }

    /// The reply, with what a fault does to it.
    private func reply(_ body: [UInt8]) -> HubMessage {
        var reply = request.reply(body: body, id: handler.ids.next(), at: time.timestamp())
        let id = request.operationID ?? ""
        switch effect {
        case .wrongOperationID(let wrongID):
            guard var members = (try? JSONValue(parsing: body))?.object else {
                preconditionFailure("Cannot change a reply that is no JSON object")
            }
            let wrong = wrongID.replacement(of: id, otherInFlight: trouble.other(than: id))
            members["operation_id"] = wrong.map(JSONValue.string)
            reply.body = JSONValue.object(members).encoded()
        case .wrongCorrelationID(let wrongID):
            let right = reply.correlationID ?? id
            reply.correlationID = wrongID.replacement(of: right, otherInFlight: trouble.other(than: id))
        case .malform(let malformation, let bytes): reply.body = malformation.body(from: body, bytes: bytes)
        default: break
        }
        return reply
    }

    /// Waits where the reply is to come later. False where it shall not come any more.
    private func waitToReply() async -> Bool {
        switch effect {
        case .replyLate(let afterDeadlineMs):
            let expirationMs = request.delivery.message.expirationMs ?? Self.expirationMs
            let due = arrival.arrivedAt + .milliseconds(expirationMs + afterDeadlineMs)
            return await pause(due - time.now())
        case .holdReply(let behind, let ms):
            let count = trouble.replies + behind
            await withTaskGroup(of: Void.self) { group in
                // Each ends early, and says nothing, where it is cancelled because the other one was first.
                group.addTask { try? await trouble.wait(for: .milliseconds(ms), since: arrival.mark, on: time) }
                group.addTask { try? await trouble.waitForReplies(count) }
                await group.next()
                group.cancelAll()
            }
            return await isWanted()
        default: return true
        }
    }

    // MARK: Points

    /// Comes to a point of the course, and does what a fault does there. False: the course ends here.
    private func reach(_ phase: FaultPhase) async -> Bool {
        if let strike = arrival.strike, strike.phase == phase {
            switch strike.effect {
            case .wait(let ms): guard await pause(.milliseconds(ms)) else { return false }
            case .stall(let ms): trouble.stall(instance, until: time.now() + .milliseconds(ms))
            case .crash(let downMs): goDown(downMs, hasAssetsDown: true)
            case .disconnect(let downMs): goDown(downMs, hasAssetsDown: false)
            case .giveBack(let count):
                trouble.giveBack(request.operationID ?? "", count: count, at: phase)
                await giveBack()
                return false
            case .giveBackAgain:
                await giveBack()
                return false
            case .replyLate, .dropRequest, .dropReply, .duplicateReply, .holdReply, .wrongOperationID,
                .wrongCorrelationID, .answerError, .malform, .loseWrite, .readStale, .acknowledgeFirst:
                // At their own place between the points.
                break
            }
            if isGoing(strike.effect) { return await leave() }
        }
        guard await standStill({ trouble.stallLeft(instance, at: time.now()) }) else { return false }
        if trouble.downLeft(instance, at: time.now()) > .zero { return await leave() }
        return await isWanted()
    }

    private func isGoing(_ effect: RequestEffect) -> Bool {
        switch effect {
        case .crash, .disconnect: true
        default: false
        }
    }

    /// The instance is gone. The default space takes its connection with it; a namespace has none of its own, so that its
    /// requests go back to their queue, as they would with a connection, and nobody else is disturbed.
    private func goDown(_ downMs: Int, hasAssetsDown: Bool) {
        trouble.goDown(instance, until: time.now() + .milliseconds(downMs), hasAssetsDown: hasAssetsDown)
        if space.namespace.isEmpty { handler.endConnection(.closed("a fault has ended it")) }
    }

    private func leave() async -> Bool {
        guard !space.namespace.isEmpty else { return false }
        guard await standStill({ trouble.downLeft(instance, at: time.now()) }) else { return false }
        await giveBack()
        return false
    }

    // MARK: Steps

    /// Whether the request is to go on. One of before a reset is dropped here.
    private func isWanted() async -> Bool {
        guard !Task.isCancelled else { return false }
        guard trouble.wasReset(since: arrival.mark) else { return true }
        await settle(.confirmed)
        return false
    }

    private func settle(_ sending: RequestHandler.Sending) async {
        if settlement.begin() { await handler.settle(request, sending) }
    }

    private func giveBack() async {
        if settlement.begin() { await handler.giveBack(request) }
    }

    /// False where the course ends here.
    private func pause(_ duration: Duration) async -> Bool {
        // Cancelled, the connection is gone, and the request comes again.
        try? await trouble.wait(for: duration, since: arrival.mark, on: time)
        return await isWanted()
    }

    /// Waits until nothing is left of it. False where the course ends here.
    private func standStill(_ left: () -> Duration) async -> Bool {
        guard left() > .zero else { return true }
        try? await trouble.standStill(since: arrival.mark, on: time, while: left)
        return await isWanted()
    }
}

/// Whether a request has been acknowledged or given back: a delivery is settled once.
private final class Settlement: Sendable {
    private let hasBegun = Atomic<Bool>(false)

    /// True for the first who asks, who is to do it.
    func begin() -> Bool { hasBegun.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged }
}
