import AMQP
import FaultPlan
import Octets

/// Faults on the way out: before the doors get directives.
extension Hub.State {
    /// Puts what faults make of them in the place of the directives.
    mutating func strikeDirectives(at now: Instant) {
        guard faults.watchesDirectives else { return }
        var struck: [Directive] = []
        // What a fault does to the broker gives further directives.
        repeat {
            var given = directives[...]
            directives.removeAll()
            while let directive = given.popFirst() { strike(directive, before: &given, into: &struck, at: now) }
            broker.takeDirectives(into: &directives)
        } while !directives.isEmpty
        directives = struck
    }

    /// - Parameter rest: what comes after it.
    private mutating func strike(
        _ directive: Directive,
        before rest: inout ArraySlice<Directive>,
        into struck: inout [Directive],
        at now: Instant
    ) {
        switch directive {
        case .deliver(let delivery): strike(delivery, before: &rest, into: &struck, at: now)
        case .confirm(let id, let channel, let first, let last):
            confirm(first...last, FaultStation.ChannelKey(connection: id, channel: channel), into: &struck)
        case .refuse(let id, let channel, let sequence):
            refuse(sequence, FaultStation.ChannelKey(connection: id, channel: channel), directive, into: &struck)
        case .answerGet(let id, let channel, _, _):
            release(FaultStation.ChannelKey(connection: id, channel: channel), into: &struck)
            struck.append(directive)
        case .send(let id, let channel, let method):
            let key = FaultStation.ChannelKey(connection: id, channel: channel)
            if method == .connectionUnblocked, faults.blocked.contains(id) { return }
            release(key, into: &struck)
            if method == .channelCloseOk { faults.forget(key) }
            struck.append(directive)
        case .closeChannel(let id, let channel, _):
            faults.forget(FaultStation.ChannelKey(connection: id, channel: channel))
            struck.append(directive)
        case .closeConnection(let id, _):
            faults.forget(id)
            struck.append(directive)
        case .resumeReading(let id):
            if !faults.blocked.contains(id) { struck.append(directive) }
        case .giveBack, .pauseReading, .tellWhenDrained, .strike: struck.append(directive)
        }
    }

    // MARK: Confirms

    /// `multiple` would also say those that are held back: they are said one by one then.
    private mutating func confirm(
        _ range: ClosedRange<UInt64>,
        _ key: FaultStation.ChannelKey,
        into struck: inout [Directive]
    ) {
        guard faults.withheld[key] != nil else {
            struck.append(
                .confirm(key.connection, channel: key.channel, first: range.lowerBound, last: range.upperBound)
            )
            return
        }
        for sequence in range where !holdsBack(sequence, key, isTaken: true) {
            struck.append(.confirm(key.connection, channel: key.channel, first: sequence, last: sequence))
        }
    }

    private mutating func refuse(
        _ sequence: UInt64,
        _ key: FaultStation.ChannelKey,
        _ directive: Directive,
        into struck: inout [Directive]
    ) {
        guard faults.withheld[key] != nil else { return struck.append(directive) }
        if !holdsBack(sequence, key, isTaken: false) { struck.append(Self.refusal(of: sequence, key)) }
    }

    /// Whether the broker's word on a publish is held back; notes it, and when it is to be said.
    private mutating func holdsBack(_ sequence: UInt64, _ key: FaultStation.ChannelKey, isTaken: Bool) -> Bool {
        guard let withheld = faults.withheld[key]?[sequence] else { return false }
        faults.withheld[key]?[sequence]?.isTaken = isTaken
        if let ms = withheld.ms {
            let timer = FaultStation.Timer.confirm(
                key.connection,
                key.channel,
                sequence: sequence,
                number: withheld.number
            )
            faults.timers.append((ms, timer))
        }
        return true
    }

    /// A refusal of this publish alone.
    private static func refusal(of sequence: UInt64, _ key: FaultStation.ChannelKey) -> Directive {
        .send(key.connection, channel: key.channel, .basicNack(BasicNack(deliveryTag: sequence)))
    }

    // MARK: Deliveries

    private mutating func strike(
        _ delivery: Delivery,
        before rest: inout ArraySlice<Directive>,
        into struck: inout [Directive],
        at now: Instant
    ) {
        let key = FaultStation.ChannelKey(connection: delivery.connection, channel: delivery.channel)
        // A fault before it in this batch may have closed its channel.
        guard broker.isOpen(delivery.channel, of: delivery.connection) else { return }
        let subject = FaultSubject(
            delivery.message,
            queues: delivery.queue.isEmpty ? [] : [delivery.queue],
            connection: broker.connections[delivery.connection]?.profile.name,
            readsBody: faults.armed.needsBodies
        )
        let effect =
            delivery.isCopy
            ? nil : faults.effect(subject, among: FaultStation.deliveryKinds, at: .delivery)
        switch effect {
        case nil: pass(delivery, key, into: &struck)
        case .dropDelivery: break
        case .duplicateDelivery(let copies, let isRedelivered):
            pass(delivery, key, into: &struck)
            broker.duplicate(delivery, copies: copies, isRedelivered: isRedelivered, at: now)
        case .holdDelivery(let behind, let ms):
            // One at a time: another one lets the first go.
            release(key, into: &struck)
            let number = faults.number()
            faults.held[key] = FaultStation.Held(delivery: delivery, behind: behind, number: number)
            faults.timers.append((ms, .release(delivery.connection, delivery.channel, number: number)))
        case .cancelConsumer:
            pass(delivery, key, into: &struck)
            cancelConsumer(of: delivery, before: &rest, at: now)
        case .closeChannel(let error): broker.close(delivery.channel, of: delivery.connection, error, at: now)
        case .closeConnection(let error): broker.end(delivery.connection, error, at: now)
        case .wire(let fault):
            struck.append(.strike(delivery.connection, fault))
            pass(delivery, key, into: &struck)
        case .refuseConnection, .refuseLogin, .block, .losePublish, .withholdConfirm:
            preconditionFailure("Cannot strike a delivery with \(String(describing: effect))")
        }
    }

    /// Ends the consumer of a delivery. What the broker has handed to it since, in the same batch, has not gone out: it
    /// goes back to its queue.
    private mutating func cancelConsumer(
        of delivery: Delivery,
        before rest: inout ArraySlice<Directive>,
        at now: Instant
    ) {
        let (id, channel, tag) = (delivery.connection, delivery.channel, delivery.consumerTag)
        // Its client may have ended it later in the batch, and may even have begun another one of its name.
        let isEnded = (rest + broker.directives).contains { $0.endsOrBegins(tag, on: channel, of: id) }
        guard !isEnded, broker.hasConsumer(tag, on: channel, of: id) else { return }
        let unsent = (rest + broker.directives).compactMap { $0.delivery(to: tag, on: channel, of: id) }
        rest.removeAll { $0.delivery(to: tag, on: channel, of: id) != nil }
        broker.directives.removeAll { $0.delivery(to: tag, on: channel, of: id) != nil }
        broker.cancelConsumer(tag, on: channel, of: id, takingBack: unsent, at: now)
    }

    /// Sends a delivery, before the one of its channel that is held back, if there is one: they change tags, because
    /// tags of a channel only grow.
    private mutating func pass(_ delivery: Delivery, _ key: FaultStation.ChannelKey, into struck: inout [Directive]) {
        var delivery = delivery
        guard var held = faults.held[key] else { return struck.append(.deliver(delivery)) }
        guard broker.exchangeTags(&held.delivery, &delivery) else {
            release(key, into: &struck)
            return struck.append(.deliver(delivery))
        }
        struck.append(.deliver(delivery))
        held.behind -= 1
        faults.held[key] = held
        if held.behind <= 0 { release(key, into: &struck) }
    }

    /// Sends the delivery that is held back, unless it means nothing any more.
    private mutating func release(_ key: FaultStation.ChannelKey, into struck: inout [Directive]) {
        guard let held = faults.held.removeValue(forKey: key), broker.isOutstanding(held.delivery) else { return }
        struck.append(.deliver(held.delivery))
    }

    // MARK: Later

    /// Carries out what a fault does later.
    mutating func reach(_ timer: FaultStation.Timer) {
        switch timer {
        case .confirm(let id, let channel, let sequence, let number):
            let key = FaultStation.ChannelKey(connection: id, channel: channel)
            guard let withheld = faults.withheld[key]?[sequence], withheld.number == number else { return }
            faults.unwithhold(sequence, on: key)
            later.append(
                withheld.isTaken == false
                    ? Self.refusal(of: sequence, key) : .confirm(id, channel: channel, first: sequence, last: sequence)
            )
        case .release(let id, let channel, let number):
            let key = FaultStation.ChannelKey(connection: id, channel: channel)
            guard faults.held[key]?.number == number else { return }
            var released: [Directive] = []
            release(key, into: &released)
            later += released
        case .unblock(let id):
            guard faults.blocked.remove(id) != nil, let connection = broker.connections[id], !connection.isBlocked
            else { return }
            if connection.profile.takesBlocked { later.append(.send(id, channel: 0, .connectionUnblocked)) }
            // One that is not read from for another reason goes on being so.
            if !connection.isHeldBack { later.append(.resumeReading(id)) }
        }
    }
}

extension Directive {
    /// The delivery, where it goes to this consumer.
    fileprivate func delivery(to tag: String, on channel: UInt16, of id: ConnectionID) -> Delivery? {
        guard case .deliver(let delivery) = self, delivery.connection == id, delivery.channel == channel,
            delivery.consumerTag.isExactly(tag)
        else { return nil }
        return delivery
    }

    /// Whether it tells a client that a consumer of this tag has ended or begun.
    fileprivate func endsOrBegins(_ tag: String, on channel: UInt16, of id: ConnectionID) -> Bool {
        guard case .send(id, channel, let method) = self else { return false }
        return switch method {
        case .basicConsumeOk(let ok): ok.consumerTag.isExactly(tag)
        case .basicCancelOk(let ok): ok.consumerTag.isExactly(tag)
        case .basicCancel(let cancel): cancel.consumerTag.isExactly(tag)
        default: false
        }
    }
}
