import CRabbitMQ
import MessageHub

extension WireFrame {
    /// Copies a flat frame; `header` reads one of its application headers.
    init(_ frame: crmq_frame, headersMax: Int, header: (Int32, inout crmq_header) -> Bool) {
        let channel = frame.channel
        switch Int(frame.kind) {
        case CRMQ_FRAME_DELIVER:
            let carrier = ContentCarrier.delivery(
                tag: frame.delivery_tag,
                isRedelivered: frame.flag != 0,
                exchange: frame.exchange.text,
                routingKey: frame.routing_key.text
            )
            self = .content(channel: channel, carrier)
        case CRMQ_FRAME_RETURN:
            let carrier = ContentCarrier.returned(
                code: Int(frame.code),
                text: frame.text.text,
                exchange: frame.exchange.text,
                routingKey: frame.routing_key.text
            )
            self = .content(channel: channel, carrier)
        case CRMQ_FRAME_HEADER:
            let message = HubMessage(frame.properties, headersMax: headersMax, header: header)
            self = .header(channel: channel, message, bodyBytes: frame.body_size)
        case CRMQ_FRAME_BODY:
            self = .body(channel: channel, Array(frame.body.buffer))
        case CRMQ_FRAME_ACK, CRMQ_FRAME_NACK:
            self = .confirm(
                channel: channel,
                tag: frame.delivery_tag,
                multiple: frame.flag != 0,
                isAck: Int(frame.kind) == CRMQ_FRAME_ACK
            )
        case CRMQ_FRAME_OPEN_OK: self = .reply(channel: channel, .openOK)
        case CRMQ_FRAME_EXCHANGE_DECLARE_OK: self = .reply(channel: channel, .exchangeDeclareOK)
        case CRMQ_FRAME_QUEUE_DECLARE_OK:
            let queue = DeclaredQueue(
                name: frame.text.text,
                messageCount: Int(frame.message_count),
                consumerCount: Int(frame.consumer_count)
            )
            self = .reply(channel: channel, .queueDeclareOK(queue))
        case CRMQ_FRAME_BIND_OK: self = .reply(channel: channel, .bindOK)
        case CRMQ_FRAME_QOS_OK: self = .reply(channel: channel, .qosOK)
        case CRMQ_FRAME_CONSUME_OK: self = .reply(channel: channel, .consumeOK)
        case CRMQ_FRAME_CHANNEL_CLOSE: self = .channelClose(channel: channel, WireClose(frame))
        case CRMQ_FRAME_CHANNEL_CLOSE_OK: self = .channelCloseOK(channel: channel)
        case CRMQ_FRAME_CONNECTION_CLOSE: self = .connectionClose(WireClose(frame))
        case CRMQ_FRAME_CONNECTION_CLOSE_OK: self = .connectionCloseOK
        case CRMQ_FRAME_BLOCKED: self = .blocked(reason: frame.text.text)
        case CRMQ_FRAME_UNBLOCKED: self = .unblocked
        case CRMQ_FRAME_FLOW: self = .flow(channel: channel, isActive: frame.flag != 0)
        case CRMQ_FRAME_CANCEL: self = .cancel(channel: channel)
        default: self = .other(channel: channel, classID: frame.class_id, methodID: frame.method_id)
        }
    }
}

extension WireClose {
    fileprivate init(_ frame: crmq_frame) {
        self.init(
            code: Int(frame.code),
            text: frame.text.text,
            classID: frame.class_id,
            methodID: frame.method_id
        )
    }
}

extension HubMessage {
    fileprivate init(
        _ properties: crmq_properties,
        headersMax: Int,
        header: (Int32, inout crmq_header) -> Bool
    ) {
        self.init(
            body: [],
            contentType: properties.content_type.optionalText,
            isPersistent: properties.delivery_mode == 2,
            messageID: properties.message_id.optionalText,
            correlationID: properties.correlation_id.optionalText,
            replyTo: properties.reply_to.optionalText,
            type: properties.type.optionalText,
            appID: properties.app_id.optionalText,
            timestampSeconds: properties.has_timestamp != 0 ? properties.timestamp : nil,
            expirationMs: properties.expiration.optionalText.flatMap(Int.init)
        )
        var one = crmq_header()
        for index in 0..<min(properties.header_count, Int32(headersMax)) where header(index, &one) {
            switch Int(one.kind) {
            case CRMQ_HEADER_STRING: headers[one.key.text] = .string(one.string.text)
            case CRMQ_HEADER_INTEGER: headers[one.key.text] = .integer(one.integer)
            case CRMQ_HEADER_BOOL: headers[one.key.text] = .bool(one.integer != 0)
            default: otherHeaders.insert(one.key.text)
            }
        }
    }
}

extension crmq_bytes {
    fileprivate var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: count) }

    fileprivate var text: String { String(decoding: buffer, as: UTF8.self) }

    fileprivate var optionalText: String? { bytes == nil ? nil : text }
}
