/// The thread that owns one connection: it alone touches the socket and librabbitmq.
///
/// Each turn carries out what tasks asked, sends it in one go, reads what came, and sleeps until the socket, a task or a
/// timer has something. It is confined to its thread and so needs no lock; with the tasks it shares the command queue
/// and the things that they wait on.
final class ConnectionLoop {
    private var wire: Wire
    private let queue: CommandQueue
    private let events: AsyncStream<HubConnectionEvent>.Continuation
    private let options: RabbitMQOptions

    private var nowMs: Int64
    private var heartbeat: Heartbeat
    private var taken: [ConnectionCommand] = []
    /// Messages that are not sent yet: behind a full buffer, or while the hub takes none.
    private var unsent = FIFO<PendingPublish>()
    private var unsentWhenPurged = 0
    private var unconfirmed = ConfirmWindow<PendingPublish>()
    private var returns: ContentAssembly
    private var control = ControlChannel()
    private var consumers: [UInt16: ConsumerChannel] = [:]
    private var isBlocked = false
    private var isFlowStopped = false
    /// When the hub must have confirmed our close; `nil` while nobody asked for it.
    private var closeDeadlineMs: Int64?
    /// When something last left, while something waits to.
    private var sendProgress: (bytes: UInt64, atMs: Int64)

    init(
        wire: consuming Wire,
        queue: CommandQueue,
        events: AsyncStream<HubConnectionEvent>.Continuation,
        options: RabbitMQOptions
    ) {
        nowMs = Wire.nowMs
        heartbeat = Heartbeat(intervalMs: Int64(wire.heartbeatS) * 1000, nowMs: nowMs)
        sendProgress = (wire.sentBytes, nowMs)
        returns = ContentAssembly(bodyBytesMax: options.limits.bodyBytesMax)
        self.wire = wire
        self.queue = queue
        self.events = events
        self.options = options
    }

    /// Serves the connection until it ends. Everything that waits is settled then.
    func run() {
        var end: HubError
        do throws(HubError) {
            try serve()
            end = .closed("closed by this side")
        } catch {
            end = error
        }
        // Every call on an ended connection throws `closed`, whatever ended it.
        if case .closed = end {} else { end = .closed(end.description) }
        for command in queue.end(end) + taken { abandon(command, end) }
        for publish in unconfirmed.removeAll() + unsent.removeAll() { publish.settle(.failure(end)) }
        control.end(end)
        for consumer in consumers.values { consumer.end(end) }
        events.yield(.closed(end))
        events.finish()
    }

    private func abandon(_ command: ConnectionCommand, _ end: HubError) {
        switch command {
        case .publish(let publish): publish.settle(.failure(end))
        case .call(let call): call.settle(.failure(end))
        case .acknowledge, .reject, .close: break
        }
    }

    // MARK: Turns

    private func serve() throws(HubError) {
        // Frames may have come with the last answer of the handshake.
        var mayRead = true
        while true {
            try carryOutCommands()
            try sendMessages()
            try wire.flush()
            noteProgress()
            if mayRead || wire.mayHaveBuffered {
                if try readFrames() == .closed { return }
                try sendCalls()
                try sendMessages()
                try wire.flush()
                noteProgress()
            }
            try checkTimers()
            try wire.flush()
            let timeoutMs: Int32 = queue.prepareToSleep() ? sleepMs : 0
            let woken = try wire.wait(queue.wakeup, timeoutMs: timeoutMs)
            nowMs = Wire.nowMs
            if woken.isReadable { heartbeat.bytesReceived(nowMs: nowMs) }
            mayRead = woken.isReadable
        }
    }

    /// How long nothing is to be done, as `poll` takes it.
    private var sleepMs: Int32 {
        var nextMs = heartbeat.nextCheckMs ?? .max
        if let deadlineMs = control.deadlineMs { nextMs = min(nextMs, deadlineMs) }
        for consumer in consumers.values { nextMs = min(nextMs, consumer.deadlineMs ?? .max) }
        if let closeDeadlineMs { nextMs = min(nextMs, closeDeadlineMs) }
        if wire.unsentBytes > 0 { nextMs = min(nextMs, sendProgress.atMs + Int64(options.sendTimeoutMs)) }
        return nextMs == .max ? -1 : Int32(clamping: max(0, nextMs - nowMs))
    }

    private func checkTimers() throws(HubError) {
        switch heartbeat.action(nowMs: nowMs) {
        case .none: break
        case .send:
            // Bytes that wait to be sent are as good.
            if wire.unsentBytes == 0 { try wire.heartbeat() }
            heartbeat.bytesSent(nowMs: nowMs)
        case .peerIsDead: throw HubError.closed("the hub gave no sign of life for \(2 * heartbeat.intervalMs) ms")
        }
        if let deadlineMs = control.deadlineMs, nowMs >= deadlineMs {
            let asked = control.askedFor
            control.fail(.timedOut(asked))
            throw HubError.closed("the hub did not answer \(asked)")
        }
        for consumer in consumers.values {
            if let deadlineMs = consumer.deadlineMs, nowMs >= deadlineMs {
                consumer.end(.timedOut("basic.consume"))
                throw HubError.closed("the hub did not answer basic.consume")
            }
        }
        if wire.unsentBytes > 0, nowMs - sendProgress.atMs >= Int64(options.sendTimeoutMs) {
            throw HubError.closed("the hub took nothing for \(options.sendTimeoutMs) ms")
        }
        if let closeDeadlineMs, nowMs >= closeDeadlineMs {
            throw HubError.closed("closed by this side, without an answer of the hub")
        }
    }

    private func noteProgress() {
        let sent = wire.sentBytes
        if sent != sendProgress.bytes { heartbeat.bytesSent(nowMs: nowMs) }
        if sent != sendProgress.bytes || wire.unsentBytes == 0 { sendProgress = (sent, nowMs) }
    }

    // MARK: Commands

    private func carryOutCommands() throws(HubError) {
        queue.take(into: &taken)
        for command in taken {
            switch command {
            case .publish(let publish):
                unsent.append(publish)
            case .acknowledge(let channel, let tag):
                guard consumers[channel] != nil else { continue }
                consumers[channel]!.acknowledged()
                try wire.acknowledge(channel: channel, tag: tag)
            case .reject(let channel, let tag, let requeue):
                guard consumers[channel] != nil else { continue }
                consumers[channel]!.acknowledged()
                try wire.reject(channel: channel, tag: tag, requeue: requeue)
            case .call(let call):
                guard case .consume(let queue, let prefetch)? = call.content else {
                    control.add(call)
                    continue
                }
                try openConsumer(call, queue: queue, prefetch: prefetch)
            case .close:
                guard closeDeadlineMs == nil else { continue }
                closeDeadlineMs = nowMs + Int64(options.closeTimeoutMs)
                try wire.close()
            }
        }
        // Not where something was thrown: what was not carried out is settled at the end.
        taken.removeAll(keepingCapacity: true)
        try sendCalls()
    }

    private func openConsumer(_ call: PendingCall, queue: String, prefetch: Int) throws(HubError) {
        let last = min(
            Int(UInt16.max),
            wire.channelMax,
            Int(Wire.firstConsumerChannel) + options.limits.consumersMax - 1
        )
        let free = (Int(Wire.firstConsumerChannel)..<max(Int(Wire.firstConsumerChannel), last + 1))
            .first { consumers[UInt16($0)] == nil }
        guard let channel = free.map(UInt16.init) else {
            call.settle(.failure(.overloaded("\(consumers.count) consumers on one connection")))
            return
        }
        consumers[channel] = ConsumerChannel(
            queue: queue,
            prefetch: prefetch,
            call: call,
            startDeadlineMs: nowMs + Int64(options.callTimeoutMs),
            bodyBytesMax: options.limits.bodyBytesMax
        )
        try wire.openChannel(channel)
    }

    private func sendCalls() throws(HubError) {
        guard closeDeadlineMs == nil else { return }
        switch control.next(deadlineMs: nowMs + Int64(options.callTimeoutMs)) {
        case .declareExchange(let exchange): try wire.declareExchange(exchange)
        case .declareQueue(let queue): try wire.declareQueue(queue)
        case .bind(let queue, let exchange, let routingKey):
            try wire.bind(queue: queue, exchange: exchange, routingKey: routingKey)
        case .consume: preconditionFailure("Cannot get here: a consumer has a channel of its own")
        case nil: break
        }
    }

    /// Encodes messages as far as the buffer may grow; the rest waits for room.
    private func sendMessages() throws(HubError) {
        guard !isBlocked, !isFlowStopped, closeDeadlineMs == nil else {
            // Nobody waits for cancelled messages; they go once they are as many as all that was here before.
            if unsent.count > 2 * unsentWhenPurged + 1024 {
                unsent.removeAll { $0.isSettled }
                unsentWhenPurged = unsent.count
            }
            return
        }
        unsentWhenPurged = 0
        while wire.unsentBytes < options.limits.bytesUnsentMax, let publish = unsent.popFirst() {
            guard let content = publish.content else { continue }
            guard unconfirmed.count < options.limits.unconfirmedMax else {
                let limit = options.limits.unconfirmedMax
                publish.settle(.failure(.overloaded("the hub owes the confirm of \(limit) messages")))
                continue
            }
            if try wire.publish(content.message, to: content.address, mandatory: content.isMandatory) {
                unconfirmed.append(publish)
            } else {
                publish.settle(.failure(.invalid("the message's properties do not fit into a frame")))
            }
        }
    }

    // MARK: Frames

    private enum Reading {
        case drained
        case closed
    }

    private func readFrames() throws(HubError) -> Reading {
        repeat {
            guard let frame = try wire.next() else { return .drained }
            if try received(frame) == .closed { return .closed }
        } while wire.mayHaveBuffered
        return .drained
    }

    private func received(_ frame: WireFrame) throws(HubError) -> Reading {
        switch frame {
        case .confirm(let channel, let tag, let multiple, let isAck):
            guard channel == Wire.publishChannel else { throw outOfPlace("a confirm", channel) }
            try confirmReceived(tag: tag, multiple: multiple, isAck: isAck)
        case .content(let channel, let carrier):
            try contentReceived(channel) { assembly throws(ContentAssembly.OutOfPlace) in
                try assembly.methodReceived(carrier)
                return nil
            }
        case .header(let channel, let message, let bodyBytes):
            try contentReceived(channel) { assembly throws(ContentAssembly.OutOfPlace) in
                try assembly.headerReceived(message, bodyBytes: bodyBytes)
            }
        case .body(let channel, let part):
            try contentReceived(channel) { assembly throws(ContentAssembly.OutOfPlace) in
                try assembly.bodyReceived(part)
            }
        case .reply(let channel, let reply):
            try replyReceived(reply, channel: channel)
        case .blocked(let reason):
            isBlocked = true
            events.yield(.blocked(reason: reason))
        case .unblocked:
            isBlocked = false
            events.yield(.unblocked)
        case .flow(let channel, let isActive):
            // Only publishing heeds it (AMQP 0-9-1 channel.flow); a consumer sends no content.
            if channel == Wire.publishChannel { isFlowStopped = !isActive }
            try wire.confirmFlow(channel: channel, isActive: isActive)
        case .cancel(let channel):
            guard consumers[channel] != nil else { throw outOfPlace("basic.cancel", channel) }
            consumers[channel]!.cancelReceived()
        case .channelClose(let channel, let close):
            try channelCloseReceived(close, channel: channel)
        case .channelCloseOK(let channel):
            guard consumers[channel]?.stage == .closing else { throw outOfPlace("channel.close-ok", channel) }
            consumers[channel] = nil
        case .connectionClose(let close):
            control.connectionCloseReceived(close)
            try wire.confirmClose()
            try wire.flush()
            throw HubError.closed(close.summary)
        case .connectionCloseOK:
            guard closeDeadlineMs != nil else { throw outOfPlace("connection.close-ok", 0) }
            return .closed
        case .other(let channel, let classID, let methodID):
            throw outOfPlace("method \(classID).\(methodID)", channel)
        }
        return .drained
    }

    private func outOfPlace(_ what: String, _ channel: UInt16) -> HubError {
        .closed("the hub sent \(what) on channel \(channel), where it has no place")
    }

    private func confirmReceived(tag: UInt64, multiple: Bool, isAck: Bool) throws(HubError) {
        do throws(ConfirmWindow<PendingPublish>.UnknownTag) {
            try unconfirmed.settle(tag: tag, multiple: multiple) { publish in
                // One that was returned before its ack is settled already.
                publish.settle(isAck ? .success(()) : .failure(.nacked))
            }
        } catch {
            throw HubError.closed("the hub confirmed message \(error.tag), which was never sent")
        }
    }

    private func contentReceived(
        _ channel: UInt16,
        _ step: (inout ContentAssembly) throws(ContentAssembly.OutOfPlace) -> ContentAssembly.Content?
    ) throws(HubError) {
        let content: ContentAssembly.Content?
        do throws(ContentAssembly.OutOfPlace) {
            if channel == Wire.publishChannel {
                content = try step(&returns)
            } else if consumers[channel] != nil {
                content = try step(&consumers[channel]!.assembly)
            } else {
                throw ContentAssembly.OutOfPlace()
            }
        } catch {
            throw outOfPlace("a part of a message", channel)
        }
        guard let content else { return }
        switch content.carrier {
        case .returned(let code, let text, let exchange, let routingKey):
            let publish = unconfirmed.first { publish in
                publish.content?.isReturned(as: content.message, exchange: exchange, routingKey: routingKey) == true
            }
            publish?.settle(.failure(.returned(code: code, text: text)))
        case .delivery(let tag, let isRedelivered, let exchange, let routingKey):
            guard channel != Wire.publishChannel else { throw outOfPlace("a delivery", channel) }
            let delivery = HubDelivery(
                message: content.message,
                exchange: exchange,
                routingKey: routingKey,
                isRedelivered: isRedelivered,
                deliveryTag: tag,
                channel: channel
            )
            guard consumers[channel]!.delivered(delivery) else {
                throw HubError.closed("the hub delivered far more than the prefetch count allows")
            }
        }
    }

    private func replyReceived(_ reply: WireReply, channel: UInt16) throws(HubError) {
        if channel == Wire.controlChannel {
            guard control.replyReceived(reply) else { throw outOfPlace("\(reply)", channel) }
            return
        }
        guard let step = consumers[channel]?.replyReceived(reply), let consumer = consumers[channel] else {
            throw outOfPlace("\(reply)", channel)
        }
        switch step {
        case .setPrefetch: try wire.setPrefetch(consumer.prefetch, channel: channel)
        case .consume: try wire.consume(queue: consumer.queue, channel: channel)
        case .close: try wire.closeChannel(channel)
        case .none: break
        }
    }

    private func channelCloseReceived(_ close: WireClose, channel: UInt16) throws(HubError) {
        try wire.confirmChannelClose(channel)
        switch channel {
        case Wire.controlChannel:
            control.closeReceived(close, deadlineMs: nowMs + Int64(options.callTimeoutMs))
            try wire.openChannel(Wire.controlChannel)
        case Wire.publishChannel:
            // Which of the messages the hub refused (an exchange that is not there) it does not say.
            let refusal = HubError.refused(code: close.code, text: close.text)
            for publish in unconfirmed.removeAll() { publish.settle(.failure(refusal)) }
            try wire.flush()
            throw HubError.closed("the hub closed the channel for publishing: \(close.summary)")
        default:
            guard let consumer = consumers[channel] else { throw outOfPlace("channel.close", channel) }
            consumers[channel] = nil
            consumer.end(.refused(code: close.code, text: close.text))
            // One that had not started was refused, and nothing else is touched.
            switch consumer.stage {
            case .opening, .settingPrefetch, .starting, .closing: return
            case .consuming, .cancelled: break
            }
            try wire.flush()
            throw HubError.closed("the hub closed the channel of a consumer: \(close.summary)")
        }
    }
}
