import AMQP
import Synchronization

/// Looks on at one in-process connection: its commands and directives, as the frames that they would have been.
final class InProcessTap: Sendable {
    private let recorder: WireRecorder
    private let party: WireParty
    private let hasEnded = Atomic(false)

    init(_ recorder: WireRecorder, _ party: WireParty, at now: Instant) {
        self.recorder = recorder
        self.party = party
        note([.opened], .fromClient, now)
    }

    /// The client does something.
    func sent(_ commands: some Sequence<Command>, at now: Instant) {
        note(commands.flatMap(\.frames), .fromClient, now)
    }

    /// The hub answers.
    func received(_ directives: some Sequence<Directive>, at now: Instant) {
        note(directives.flatMap(\.frames), .toClient, now)
    }

    /// The connection is over; said once.
    func ended(by ending: TracedFrame.Ending, at now: Instant) {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        note([.closed(ending)], ending == .client ? .fromClient : .toClient, now)
    }

    private func note(_ matters: [WireEvent.Matter], _ direction: TracedFrame.Direction, _ now: Instant) {
        recorder.note(
            matters.map { WireEvent(party: party, at: now, direction: direction, offset: 0, matter: $0) }
        )
    }
}

extension Command {
    fileprivate var frames: [WireEvent.Matter] {
        switch self {
        case .method(_, let channel, let method): return [.method(channel: channel, method.withoutSecret)]
        case .publish(_, let channel, let message, let isMandatory, let isImmediate):
            let method = BasicPublish(
                exchange: message.exchange,
                routingKey: message.routingKey,
                mandatory: isMandatory,
                immediate: isImmediate
            )
            return message.frames(.basicPublish(method), channel)
        case .drained, .closed, .timePassed: return []
        }
    }
}

extension Directive {
    fileprivate var frames: [WireEvent.Matter] {
        guard let (channel, method) = said else { return [] }
        return message?.frames(method, channel) ?? [.method(channel: channel, method)]
    }
}

extension Message {
    fileprivate func frames(_ method: Method, _ channel: UInt16) -> [WireEvent.Matter] {
        let header = ContentHeader(bodySize: UInt64(body.count), properties: properties)
        let start: [WireEvent.Matter] = [.method(channel: channel, method), .header(channel: channel, header)]
        guard !body.isEmpty else { return start }
        return start + [.body(channel: channel, excerpt: Array(body.prefix(Excerpt.octetsMax)), size: body.count)]
    }
}
