import AMQP
import MessageHub
import Octets

/// What an in-process connection has under way: the client's side of AMQP's channel without its bytes.
struct InProcessState {
    typealias Call = CheckedContinuation<Result<Method?, HubError>, Never>

    private struct Publish {
        let message: Message
        let isMandatory: Bool
        let call: UInt64
        /// Set when it came back; the confirm is still to come.
        var returned: HubError?
    }

    /// What the connection owes the hub after a batch of directives.
    enum Owed {
        case nothing
        case commands([Command])
        /// The channel was closed on us, which ends the connection.
        case close
    }

    var id: ConnectionID?
    /// What faults do to directives on their way here.
    var wire = InProcessWire()
    /// Why it ended, if it has.
    private(set) var ended: HubError?
    private var calls: [UInt64: Call] = [:]
    private var lastCall: UInt64 = 0
    /// Calls whose answer is a method, in the order in which they were asked.
    var requests: [UInt64] = []
    private var publishes: [UInt64: Publish] = [:]
    private var lastSequence: UInt64 = 0
    /// Publishes that wait until the hub takes messages again. They have no sequence numbers: the hub counts what it gets.
    private var held: [Publish] = []
    private let publishesMax: Int
    private var isPaused = false
    private var isSettling = false
    private var owesDrained = false
    private var owesClose = false
    private var consumers: [ExactText: AsyncStream<HubDelivery>.Continuation] = [:]
    private var lastConsumer = 0
    private let events: AsyncStream<HubConnectionEvent>.Continuation

    /// - Parameter publishesMax: how many publishes may be held or wait for their confirm.
    init(events: AsyncStream<HubConnectionEvent>.Continuation, publishesMax: Int) {
        self.events = events
        self.publishesMax = publishesMax
    }

    /// How many publishes wait until the hub takes messages again.
    var heldCount: Int { held.count }

    // MARK: Calls

    mutating func nextCall() -> UInt64 {
        lastCall += 1
        return lastCall
    }

    /// Notes who waits for a call.
    /// - Returns: false where there is nothing to wait for, because the connection has ended.
    mutating func begin(_ number: UInt64, _ call: Call) -> Bool {
        if let ended {
            call.resume(returning: .failure(ended))
            return false
        }
        calls[number] = call
        return true
    }

    /// Ends a call, if it still waits.
    mutating func finish(_ number: UInt64, _ result: Result<Method?, HubError>) {
        calls.removeValue(forKey: number)?.resume(returning: result)
    }

    /// Ends a call whose task no longer waits. A publish that the hub has not got is not sent any more.
    mutating func cancel(_ number: UInt64) {
        finish(number, .failure(.cancelled))
        held.removeAll { $0.call == number }
    }

    /// Notes a publish, or ends its call where too many wait.
    /// - Returns: the command for it; nil while the hub takes no messages.
    mutating func publish(
        _ message: Message,
        isMandatory: Bool,
        call: UInt64,
        _ id: ConnectionID,
        channel: UInt16
    ) -> Command? {
        guard publishes.count + held.count < publishesMax else {
            finish(call, .failure(.overloaded("\(publishesMax) publishes wait for the hub")))
            return nil
        }
        let publish = Publish(message: message, isMandatory: isMandatory, call: call)
        // While anything is held, what comes later waits its turn behind it.
        guard !isPaused, held.isEmpty else {
            held.append(publish)
            return nil
        }
        return send(publish, id, channel: channel)
    }

    /// Counts a publish as the hub will count it.
    private mutating func send(_ publish: Publish, _ id: ConnectionID, channel: UInt16) -> Command {
        lastSequence += 1
        publishes[lastSequence] = publish
        return .publish(id, channel: channel, publish.message, mandatory: publish.isMandatory, immediate: false)
    }

    /// Notes a consumer.
    /// - Returns: its tag.
    mutating func addConsumer(_ deliveries: AsyncStream<HubDelivery>.Continuation) -> String {
        lastConsumer += 1
        let tag = "in-process-\(lastConsumer)"
        consumers[tag] = deliveries
        return tag
    }

    /// Whether the door is to be woken to settle what is owed.
    var owesHub: Bool { owesClose || ended == nil && (owesDrained || !isPaused && !held.isEmpty) }

    /// - Returns: false where someone settles already, who will see to what has come since.
    mutating func beginSettling() -> Bool {
        defer { isSettling = true }
        return !isSettling
    }

    /// - Returns: false where more is owed by now, so that settling goes on.
    mutating func endSettling() -> Bool {
        isSettling = owesHub
        return !isSettling
    }

    /// Takes what is owed, which must be applied before the hub is given anything else.
    mutating func takeOwed(channel: UInt16) -> Owed {
        if owesClose {
            owesClose = false
            return .close
        }
        guard let id, ended == nil else { return .nothing }
        var commands: [Command] = owesDrained ? [.drained(id)] : []
        owesDrained = false
        if !isPaused {
            for publish in held { commands.append(send(publish, id, channel: channel)) }
            held.removeAll()
        }
        return commands.isEmpty ? .nothing : .commands(commands)
    }

    // MARK: Directives

    mutating func take(_ directive: Directive) {
        guard ended == nil else { return }
        switch directive {
        case .send(_, _, let method): take(method)
        case .deliver(let delivery): consumers[delivery.consumerTag]?.yield(HubDelivery(delivery))
        case .giveBack(_, _, let method, let message): giveBack(method, message)
        case .confirm(_, _, let first, let last):
            for sequence in first...last { settle(sequence, isTaken: true) }
        case .refuse(_, _, let sequence): settle(sequence, isTaken: false)
        case .closeChannel(_, _, let error):
            owesClose = true
            end(.closed(error.description), asked: HubError(refusal: error))
        case .closeConnection(_, let error): end(.closed(error.description))
        case .pauseReading: isPaused = true
        case .resumeReading: isPaused = false
        case .tellWhenDrained: owesDrained = true
        case .strike: break
        case .answerGet: preconditionFailure("Cannot get an answer to basic.get when none was sent")
        }
    }

    private mutating func take(_ method: Method) {
        switch method {
        case .exchangeDeclareOk, .queueDeclareOk, .queueBindOk, .basicConsumeOk:
            precondition(!requests.isEmpty, "Cannot get an answer when nothing was asked")
            finish(requests.removeFirst(), .success(method))
        case .basicCancel(let cancel): consumers.removeValue(forKey: ExactText(cancel.consumerTag))?.finish()
        // Faults make the hub speak of one publish alone.
        case .basicNack(let nack): settle(nack.deliveryTag, isTaken: false)
        case .connectionBlocked(let blocked): events.yield(.blocked(reason: blocked.reason))
        case .connectionUnblocked: events.yield(.unblocked)
        // What nobody waits for: the answers to channel.open and basic.qos.
        default: break
        }
    }

    /// Returns come in the order of publishes and before their confirms; a message is known by being the same object.
    private mutating func giveBack(_ method: BasicReturn, _ message: Message) {
        let sequence = publishes.filter { $0.value.message === message && $0.value.returned == nil }.keys.min()
        guard let sequence else { return }
        publishes[sequence]?.returned = .returned(code: Int(method.replyCode), text: method.replyText)
    }

    private mutating func settle(_ sequence: UInt64, isTaken: Bool) {
        guard let publish = publishes.removeValue(forKey: sequence) else { return }
        if let error = publish.returned { return finish(publish.call, .failure(error)) }
        finish(publish.call, isTaken ? .success(nil) : .failure(.nacked))
    }

    /// The connection is cut off: to the hub its client has left.
    mutating func reset() {
        owesClose = true
        end(.closed("connection reset"))
    }

    /// Ends the connection. Where it was for something that was asked, the one who asked is told what.
    mutating func end(_ error: HubError, asked: HubError? = nil) {
        guard ended == nil else { return }
        ended = error
        if let asked, let first = requests.first { finish(first, .failure(asked)) }
        for call in calls.values { call.resume(returning: .failure(error)) }
        calls.removeAll()
        requests.removeAll()
        publishes.removeAll()
        held.removeAll()
        for consumer in consumers.values { consumer.finish() }
        consumers.removeAll()
        events.yield(.closed(error))
        events.finish()
    }
}
