import AMQP

extension Directive {
    /// The method that it says to the client, and on which channel; nil where it says nothing. What goes with the
    /// method as content is its `message`.
    var said: (channel: UInt16, method: Method)? {
        switch self {
        case .send(_, let channel, let method): (channel, method)
        case .deliver(let delivery):
            (
                delivery.channel,
                .basicDeliver(
                    BasicDeliver(
                        consumerTag: delivery.consumerTag,
                        deliveryTag: delivery.deliveryTag,
                        redelivered: delivery.isRedelivered,
                        exchange: delivery.message.exchange,
                        routingKey: delivery.message.routingKey
                    )
                )
            )
        case .answerGet(_, let channel, let method, _): (channel, .basicGetOk(method))
        case .giveBack(_, let channel, let method, _): (channel, .basicReturn(method))
        case .confirm(_, let channel, let first, let last):
            (channel, .basicAck(BasicAck(deliveryTag: last, multiple: first != last)))
        case .refuse(_, let channel, let sequence):
            // Everything before it is settled; RabbitMQ says `multiple` here, and `requeue`, which means nothing.
            (channel, .basicNack(BasicNack(deliveryTag: sequence, multiple: true, requeue: true)))
        case .closeChannel(_, let channel, let error): (channel, .channelClose(ChannelClose(error)))
        case .closeConnection(_, let error): (0, .connectionClose(ConnectionClose(error)))
        case .pauseReading, .resumeReading, .tellWhenDrained, .strike: nil
        }
    }
}
