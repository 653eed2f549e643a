import MessageHub

/// The thread that owns one connection: it alone touches the socket and librabbitmq.
///
/// Each turn carries out what tasks asked, sends it in one go, reads what came, and sleeps until the socket, a task or a
/// timer has something. It is confined to its thread and so needs no lock; with the tasks it shares the command queue
/// and the things that they wait on.
final class ConnectionLoop {
    var wire: Wire
    private let queue: CommandQueue
    private let executor: HubThreadExecutor
    let events: AsyncStream<HubConnectionEvent>.Continuation
    let options: RabbitMQOptions

    var nowMs: Int64
    private var heartbeat: Heartbeat
    private var taken: [ConnectionCommand] = []
    /// Messages that are not sent yet: behind a full buffer, or while the hub takes none.
    private var unsent = FIFO<PendingPublish>()
    private var unsentWhenPurged = 0
    var unconfirmed = ConfirmWindow<PendingPublish>()
    var returns: ContentAssembly
    var control = ControlChannel()
    var consumers: [UInt16: ConsumerChannel] = [:]
    var isBlocked = false
    var isFlowStopped = false
    /// When the hub must have confirmed our close; `nil` while nobody asked for it.
    var closeDeadlineMs: Int64?
    /// When something last left, while something waits to.
    private var sendProgress: (bytes: UInt64, atMs: Int64)

    init(
        wire: consuming Wire,
        queue: CommandQueue,
        executor: HubThreadExecutor,
        events: AsyncStream<HubConnectionEvent>.Continuation,
        options: RabbitMQOptions
    ) {
        nowMs = Wire.nowMs
        heartbeat = Heartbeat(intervalMs: Int64(wire.heartbeatS) * 1000, nowMs: nowMs)
        sendProgress = (wire.sentBytes, nowMs)
        returns = ContentAssembly(bodyBytesMax: options.limits.bodyBytesMax)
        self.wire = wire
        self.queue = queue
        self.executor = executor
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
        // From now on there are no further ones.
        executor.runJobs()
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
            executor.runJobs()
            try carryOutCommands()
            try sendMessages()
            try wire.flush()
            noteProgress()
            if mayRead || wire.mayHaveBuffered {
                if try readFrames() == .closed { return }
                executor.runJobs()
                try carryOutCommands()
                try sendMessages()
                try wire.flush()
                noteProgress()
            }
            try checkTimers()
            try wire.flush()
            let mayEncodeMore = takesMessages && !unsent.isEmpty && wire.unsentBytes < options.limits.bytesUnsentMax
            let timeoutMs: Int32 = !mayEncodeMore && queue.prepareToSleep() ? sleepMs : 0
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

    /// Whether messages may be sent now.
    private var takesMessages: Bool { !isBlocked && !isFlowStopped && closeDeadlineMs == nil }

    /// Encodes messages as far as the buffer may grow; the rest waits for room.
    private func sendMessages() throws(HubError) {
        guard takesMessages else {
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
}
