import HubProtocol
import JSON
import Logging
import MessageHub

/// Takes one request from delivery to acknowledgement: received, effect, reply, acknowledgement, in this order.
///
/// The request is acknowledged only once the hub has confirmed the reply (contract §3, §7). Whatever happens before, it
/// is delivered again, and the remembered reply makes that safe. What can never be answered is acknowledged all the
/// same, so that it does not come back for ever.
struct RequestHandler: Sendable {
    let spaces: StorageSpaces
    /// Who handles it.
    let instance: StorageInstance
    let connection: any HubConnection
    let exchange: String
    let lanes: ImageLanes
    let unanswerable: UnanswerableReplies
    let time: TimeSource
    let ids: IDSource
    let logger: Logger
    /// Ends the connection, as a fault has it.
    let endConnection: @Sendable (HubError) -> Void

    /// How often a reply is published that the hub does not take for now, before the request goes back to its queue.
    private static let attemptsMax = 3
    private static let firstPause = Duration.milliseconds(100)

    /// What became of a reply.
    enum Sending {
        /// Confirmed by the hub.
        case confirmed
        /// It can never arrive; the text says why.
        case unwanted(String)
        /// The hub refuses it, and mostly ends the connection over it; the text says why.
        case refused(String)
        /// Not now; another try may succeed.
        case failed(HubError)
        /// The connection has ended, or is ending.
        case disconnected
    }

    /// Handles a request. `turn` was taken from the lanes when it was delivered.
    func handle(_ arrival: RequestArrival, turn: ImageLanes.Turn) async {
        if let course = RequestCourse(arrival, handler: self) { return await course.run(turn) }
        let request = arrival.request
        let body = await lanes.take(turn) { await replyBody(to: arrival) }
        guard let address = replyAddress(of: request) else {
            log("Request not answered: nowhere to answer to", request)
            return await acknowledge(request)
        }
        let sending = await send(request.reply(body: body, id: ids.next(), at: time.timestamp()), to: address)
        if case .confirmed = sending, case .success(let space) = arrival.space {
            space.notes.reply(to: request.operationID, body: body)
        }
        await settle(request, sending)
    }

    /// Where the reply goes; nil where it cannot.
    func replyAddress(of request: ReceivedRequest) -> HubAddress? {
        unanswerable.contains(request) ? nil : request.replyAddress(exchange: exchange)
    }

    /// Acknowledges a request once its reply is published, or gives it back where it could not be.
    func settle(_ request: ReceivedRequest, _ sending: Sending) async {
        switch sending {
        case .confirmed:
            await acknowledge(request)
        case .unwanted(let why):
            log("Reply dropped", request, reason: why)
            await acknowledge(request)
        case .refused(let why):
            log("Reply refused by the hub", request, reason: why)
            unanswerable.insert(request)
            await acknowledge(request)
        case .failed(let error):
            log("Reply not published; the request goes back to its queue", request, reason: error.description)
            await giveBack(request)
        case .disconnected:
            break
        }
    }

    /// The effect, if it has one, and what to answer.
    private func replyBody(to arrival: RequestArrival) async -> [UInt8] {
        switch (arrival.space, arrival.request.content) {
        case (.success(let space), .success(let request)):
            let decision = await space.core.carryOut(
                request,
                .asAsked,
                ids: arrival.ids,
                conduct: spaces.conduct
            )
            space.notes.effects(of: decision)
            return decision.replyBody(operationID: request.operationID)
        case (.success, .failure(let malformed)): return Self.refusal(of: malformed)
        case (.failure(let error), _):
            let problem = FieldProblem(path: "headers.\(StorageSpace.header)", message: error.description)
            return Self.refusal(
                of: MalformedRequest(operationID: arrival.request.operationID, problems: InvalidFields([problem]))
            )
        }
    }

    /// The answer to what is no request.
    static func refusal(of malformed: MalformedRequest) -> [UInt8] {
        let failure = StorageFailure(
            .validationError,
            malformed.problems.description,
            details: malformed.problems.details
        )
        return StorageReply(operationID: malformed.operationID, outcome: .failure(failure)).encoded()
    }

    /// Publishes a reply, again after a pause where the hub does not take it for now.
    func send(_ message: HubMessage, to address: HubAddress) async -> Sending {
        var pause = Self.firstPause
        var sending = await publish(message, to: address)
        for _ in 1..<Self.attemptsMax {
            guard case .failed = sending, (try? await time.sleep(for: pause)) != nil else { return sending }
            pause *= 2
            sending = await publish(message, to: address)
        }
        return sending
    }

    private func publish(_ message: HubMessage, to address: HubAddress) async -> Sending {
        do {
            // Only a requester's own queue must be there; that nobody listens on the exchange is no error.
            try await connection.publish(message, to: address, mandatory: address.exchange.isEmpty)
            return .confirmed
        } catch {
            switch error {
            case .returned: return .unwanted("the reply queue is gone")
            case .invalid(let why): return .unwanted(why)
            case .refused: return .refused(error.description)
            case .nacked, .timedOut, .overloaded: return .failed(error)
            case .closed, .unreachable, .cancelled: return .disconnected
            }
        }
    }

    func acknowledge(_ request: ReceivedRequest) async {
        do {
            try await connection.acknowledge(request.delivery)
        } catch {
            // It will be delivered again, and answered the same.
            log("Request not acknowledged", request, reason: error.description)
        }
    }

    func giveBack(_ request: ReceivedRequest) async {
        do {
            try await connection.reject(request.delivery, requeue: true)
        } catch {
            log("Request not given back", request, reason: error.description)
        }
    }

    /// A request that did not go the usual way. Nothing of its body is logged.
    func log(_ message: Logger.Message, _ request: ReceivedRequest, reason: String? = nil) {
        var metadata: Logger.Metadata = [
            "operation_id": .string(request.operationID ?? ""),
            "reply_to": .string(request.delivery.message.replyTo ?? ""),
        ]
        if let reason { metadata["reason"] = .string(reason) }
        logger.warning(message, metadata: metadata)
    }
}
