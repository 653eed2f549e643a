import AMQP
import FaultPlan
import JSON

/// Bodies that are looked into for their operation: larger ones have none.
private let bodyBytesMax = 65_536

extension FaultSubject {
    /// A message on its way.
    /// - Parameter readsBody: whether any rule asks for what only the body tells. A body that is no JSON tells nothing.
    init(_ message: Message, queues: [String], connection: String?, readsBody: Bool) {
        self.init(routingKey: message.routingKey, connection: connection)
        self.queues = queues
        guard readsBody, message.body.count <= bodyBytesMax, let body = try? JSONValue(parsing: message.body) else {
            return
        }
        let data = body["data"]
        operation = body["operation"]?.string ?? body["event"]?.string
        imageID = data?["image_id"]?.string ?? data?["id"]?.string
        name = data?["name"]?.string
        type = data?["type"]?.string
        theme = data?["theme"]?.string ?? data?["metadata"]?["theme"]?.string
    }

    /// A method of a client that carries no message.
    init(_ method: Method, connection: String?) {
        self.init(connection: connection)
        switch method {
        case .queueDeclare(let declare): queue = declare.queue
        case .queueDelete(let delete): queue = delete.queue
        case .queuePurge(let purge): queue = purge.queue
        case .queueBind(let bind):
            queue = bind.queue
            routingKey = bind.routingKey
        case .queueUnbind(let unbind):
            queue = unbind.queue
            routingKey = unbind.routingKey
        case .basicConsume(let consume): queue = consume.queue
        default: break
        }
    }
}

extension Method {
    /// At which point of a plan a client's method is; nil: faults let it pass.
    var faultPhase: FaultPhase? {
        switch self {
        case .basicAck, .basicNack, .basicReject: .acknowledge
        case .basicConsume: .consume
        case .queueDeclare, .queueDelete, .queuePurge, .queueBind, .queueUnbind, .exchangeDeclare, .exchangeDelete,
            .exchangeBind, .exchangeUnbind:
            .declare
        default: nil
        }
    }

    /// The delivery that it settles.
    var settledTag: UInt64? {
        switch self {
        case .basicAck(let ack): ack.deliveryTag
        case .basicNack(let nack): nack.deliveryTag
        case .basicReject(let reject): reject.deliveryTag
        default: nil
        }
    }
}
