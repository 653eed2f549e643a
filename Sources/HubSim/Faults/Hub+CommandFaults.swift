import AMQP
import FaultPlan

/// Faults on the way in: before the broker gets a command.
extension Hub.State {
    /// Applies a command, or what a fault makes of it.
    mutating func take(_ command: Command, at now: Instant) {
        guard faults.watchesCommands else { return broker.apply(command, at: now) }
        switch command {
        case .publish(let id, let channel, let message, _, _):
            guard let effect = effect(onPublish: message, channel, id) else { break }
            return strike(command, id, channel, effect, at: now)
        case .method(let id, let channel, let method):
            guard let phase = method.faultPhase, broker.isOpen(channel, of: id),
                let effect = faults.effect(
                    subject(of: method, channel, id),
                    among: FaultStation.methodKinds,
                    at: phase
                )
            else { break }
            return strike(command, id, channel, effect, at: now)
        case .drained, .closed, .timePassed: break
        }
        broker.apply(command, at: now)
    }

    private mutating func effect(onPublish message: Message, _ channel: UInt16, _ id: ConnectionID) -> FaultEffect? {
        guard faults.armed.isArmed(FaultStation.publishKinds), broker.isOpen(channel, of: id) else { return nil }
        let hasConfirms = broker.nextSequence(on: channel, of: id) != nil
        let isRoom = faults.withheldCount < FaultStation.withheldMax
        let subject = FaultSubject(
            message,
            queues: broker.destinations(of: message, from: id),
            connection: broker.connections[id]?.profile.name,
            readsBody: faults.armed.needsBodies
        )
        let kinds = hasConfirms && isRoom ? FaultStation.publishKinds : FaultStation.kindsWithoutConfirms
        return faults.effect(subject, among: kinds, at: .publish)
    }

    private func subject(of method: Method, _ channel: UInt16, _ id: ConnectionID) -> FaultSubject {
        let name = broker.connections[id]?.profile.name
        guard let tag = method.settledTag, let (queue, message) = broker.unacked(tag, on: channel, of: id) else {
            return FaultSubject(method, connection: name)
        }
        return FaultSubject(message, queues: [queue], connection: name, readsBody: faults.armed.needsBodies)
    }

    private mutating func strike(
        _ command: Command,
        _ id: ConnectionID,
        _ channel: UInt16,
        _ effect: FaultEffect,
        at now: Instant
    ) {
        switch effect {
        case .closeChannel(let error): return broker.close(channel, of: id, error, at: now)
        case .closeConnection(let error): return broker.end(id, error, at: now)
        case .losePublish(let fate):
            guard case .publish(_, _, let message, _, _) = command else { break }
            return broker.lose(message, as: fate, on: channel, of: id, at: now)
        case .withholdConfirm(let ms):
            guard let sequence = broker.nextSequence(on: channel, of: id) else { break }
            faults.withhold(sequence, on: FaultStation.ChannelKey(connection: id, channel: channel), ms: ms)
        case .wire(let fault):
            // What was settled before is said before.
            broker.sayConfirms()
            broker.directives.append(.strike(id, fault))
        case .block(let ms): block(id, ms: ms)
        case .refuseConnection, .refuseLogin, .dropDelivery, .duplicateDelivery, .holdDelivery, .cancelConsumer:
            preconditionFailure("Cannot strike a command with \(effect)")
        }
        broker.apply(command, at: now)
    }

    private mutating func block(_ id: ConnectionID, ms: Int) {
        guard let connection = broker.connections[id], faults.blocked.insert(id).inserted else { return }
        if connection.profile.takesBlocked {
            let blocked = ConnectionBlocked(reason: "low on memory")
            broker.directives.append(.send(id, channel: 0, .connectionBlocked(blocked)))
        }
        broker.directives.append(.pauseReading(id))
        faults.timers.append((ms, .unblock(id)))
    }
}
