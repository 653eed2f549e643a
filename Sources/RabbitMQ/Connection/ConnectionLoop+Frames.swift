import MessageHub

/// What the hub sends, and what comes of it.
extension ConnectionLoop {
    enum Reading {
        case drained
        case closed
    }

    /// Takes in what has arrived. `closed`: the hub confirmed our close.
    func readFrames() throws(HubError) -> Reading {
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
            // Where the hub closed the channel at the same time, its own close has ended it already.
            guard let consumer = consumers[channel] else { break }
            guard consumer.stage == .closing else { throw outOfPlace("channel.close-ok", channel) }
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
