// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

extension MethodDescriptor {
    /// Every method, by class and method number.
    public static let all: [MethodDescriptor] = [
        MethodDescriptor(
            10,
            10,
            "connection.start",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("version-major", .octet),
                FieldDescriptor("version-minor", .octet),
                FieldDescriptor("server-properties", .table),
                FieldDescriptor("mechanisms", .longString),
                FieldDescriptor("locales", .longString),
            ]
        ),
        MethodDescriptor(
            10,
            11,
            "connection.start-ok",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("client-properties", .table),
                FieldDescriptor("mechanism", .shortString),
                FieldDescriptor("response", .longString),
                FieldDescriptor("locale", .shortString),
            ]
        ),
        MethodDescriptor(
            10,
            20,
            "connection.secure",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("challenge", .longString)
            ]
        ),
        MethodDescriptor(
            10,
            21,
            "connection.secure-ok",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("response", .longString)
            ]
        ),
        MethodDescriptor(
            10,
            30,
            "connection.tune",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("channel-max", .short),
                FieldDescriptor("frame-max", .long),
                FieldDescriptor("heartbeat", .short),
            ]
        ),
        MethodDescriptor(
            10,
            31,
            "connection.tune-ok",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("channel-max", .short),
                FieldDescriptor("frame-max", .long),
                FieldDescriptor("heartbeat", .short),
            ]
        ),
        MethodDescriptor(
            10,
            40,
            "connection.open",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("virtual-host", .shortString),
                FieldDescriptor("reserved-1", .shortString, isReserved: true),
                FieldDescriptor("reserved-2", .bit, isReserved: true),
            ]
        ),
        MethodDescriptor(
            10,
            41,
            "connection.open-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .shortString, isReserved: true)
            ]
        ),
        MethodDescriptor(
            10,
            50,
            "connection.close",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reply-code", .short),
                FieldDescriptor("reply-text", .shortString),
                FieldDescriptor("class-id", .short),
                FieldDescriptor("method-id", .short),
            ]
        ),
        MethodDescriptor(
            10,
            51,
            "connection.close-ok",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            10,
            60,
            "connection.blocked",
            senders: [.server],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("reason", .shortString)
            ]
        ),
        MethodDescriptor(
            10,
            61,
            "connection.unblocked",
            senders: [.server],
            carriesContent: false,
            isSynchronous: false,
            fields: []
        ),
        MethodDescriptor(
            10,
            70,
            "connection.update-secret",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("new-secret", .longString),
                FieldDescriptor("reason", .shortString),
            ]
        ),
        MethodDescriptor(
            10,
            71,
            "connection.update-secret-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            20,
            10,
            "channel.open",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .shortString, isReserved: true)
            ]
        ),
        MethodDescriptor(
            20,
            11,
            "channel.open-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .longString, isReserved: true)
            ]
        ),
        MethodDescriptor(
            20,
            20,
            "channel.flow",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("active", .bit)
            ]
        ),
        MethodDescriptor(
            20,
            21,
            "channel.flow-ok",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("active", .bit)
            ]
        ),
        MethodDescriptor(
            20,
            40,
            "channel.close",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reply-code", .short),
                FieldDescriptor("reply-text", .shortString),
                FieldDescriptor("class-id", .short),
                FieldDescriptor("method-id", .short),
            ]
        ),
        MethodDescriptor(
            20,
            41,
            "channel.close-ok",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            30,
            10,
            "access.request",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("realm", .shortString),
                FieldDescriptor("exclusive", .bit),
                FieldDescriptor("passive", .bit),
                FieldDescriptor("active", .bit),
                FieldDescriptor("write", .bit),
                FieldDescriptor("read", .bit),
            ]
        ),
        MethodDescriptor(
            30,
            11,
            "access.request-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("ticket", .short)
            ]
        ),
        MethodDescriptor(
            40,
            10,
            "exchange.declare",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("type", .shortString),
                FieldDescriptor("passive", .bit),
                FieldDescriptor("durable", .bit),
                FieldDescriptor("auto-delete", .bit),
                FieldDescriptor("internal", .bit),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            40,
            11,
            "exchange.declare-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            40,
            20,
            "exchange.delete",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("if-unused", .bit),
                FieldDescriptor("no-wait", .bit),
            ]
        ),
        MethodDescriptor(
            40,
            21,
            "exchange.delete-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            40,
            30,
            "exchange.bind",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("destination", .shortString),
                FieldDescriptor("source", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            40,
            31,
            "exchange.bind-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            40,
            40,
            "exchange.unbind",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("destination", .shortString),
                FieldDescriptor("source", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            40,
            51,
            "exchange.unbind-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            50,
            10,
            "queue.declare",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("passive", .bit),
                FieldDescriptor("durable", .bit),
                FieldDescriptor("exclusive", .bit),
                FieldDescriptor("auto-delete", .bit),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            50,
            11,
            "queue.declare-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("message-count", .long),
                FieldDescriptor("consumer-count", .long),
            ]
        ),
        MethodDescriptor(
            50,
            20,
            "queue.bind",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            50,
            21,
            "queue.bind-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            50,
            30,
            "queue.purge",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("no-wait", .bit),
            ]
        ),
        MethodDescriptor(
            50,
            31,
            "queue.purge-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("message-count", .long)
            ]
        ),
        MethodDescriptor(
            50,
            40,
            "queue.delete",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("if-unused", .bit),
                FieldDescriptor("if-empty", .bit),
                FieldDescriptor("no-wait", .bit),
            ]
        ),
        MethodDescriptor(
            50,
            41,
            "queue.delete-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("message-count", .long)
            ]
        ),
        MethodDescriptor(
            50,
            50,
            "queue.unbind",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            50,
            51,
            "queue.unbind-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            60,
            10,
            "basic.qos",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("prefetch-size", .long),
                FieldDescriptor("prefetch-count", .short),
                FieldDescriptor("global", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            11,
            "basic.qos-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            60,
            20,
            "basic.consume",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("consumer-tag", .shortString),
                FieldDescriptor("no-local", .bit),
                FieldDescriptor("no-ack", .bit),
                FieldDescriptor("exclusive", .bit),
                FieldDescriptor("no-wait", .bit),
                FieldDescriptor("arguments", .table),
            ]
        ),
        MethodDescriptor(
            60,
            21,
            "basic.consume-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("consumer-tag", .shortString)
            ]
        ),
        MethodDescriptor(
            60,
            30,
            "basic.cancel",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("consumer-tag", .shortString),
                FieldDescriptor("no-wait", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            31,
            "basic.cancel-ok",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("consumer-tag", .shortString)
            ]
        ),
        MethodDescriptor(
            60,
            40,
            "basic.publish",
            senders: [.client],
            carriesContent: true,
            isSynchronous: false,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("mandatory", .bit),
                FieldDescriptor("immediate", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            50,
            "basic.return",
            senders: [.server],
            carriesContent: true,
            isSynchronous: false,
            fields: [
                FieldDescriptor("reply-code", .short),
                FieldDescriptor("reply-text", .shortString),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
            ]
        ),
        MethodDescriptor(
            60,
            60,
            "basic.deliver",
            senders: [.server],
            carriesContent: true,
            isSynchronous: false,
            fields: [
                FieldDescriptor("consumer-tag", .shortString),
                FieldDescriptor("delivery-tag", .longLong),
                FieldDescriptor("redelivered", .bit),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
            ]
        ),
        MethodDescriptor(
            60,
            70,
            "basic.get",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .short, isReserved: true),
                FieldDescriptor("queue", .shortString),
                FieldDescriptor("no-ack", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            71,
            "basic.get-ok",
            senders: [.server],
            carriesContent: true,
            isSynchronous: true,
            fields: [
                FieldDescriptor("delivery-tag", .longLong),
                FieldDescriptor("redelivered", .bit),
                FieldDescriptor("exchange", .shortString),
                FieldDescriptor("routing-key", .shortString),
                FieldDescriptor("message-count", .long),
            ]
        ),
        MethodDescriptor(
            60,
            72,
            "basic.get-empty",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("reserved-1", .shortString, isReserved: true)
            ]
        ),
        MethodDescriptor(
            60,
            80,
            "basic.ack",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("delivery-tag", .longLong),
                FieldDescriptor("multiple", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            90,
            "basic.reject",
            senders: [.client],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("delivery-tag", .longLong),
                FieldDescriptor("requeue", .bit),
            ]
        ),
        MethodDescriptor(
            60,
            100,
            "basic.recover-async",
            senders: [.client],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("requeue", .bit)
            ]
        ),
        MethodDescriptor(
            60,
            110,
            "basic.recover",
            senders: [.client],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("requeue", .bit)
            ]
        ),
        MethodDescriptor(
            60,
            111,
            "basic.recover-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            60,
            120,
            "basic.nack",
            senders: [.client, .server],
            carriesContent: false,
            isSynchronous: false,
            fields: [
                FieldDescriptor("delivery-tag", .longLong),
                FieldDescriptor("multiple", .bit),
                FieldDescriptor("requeue", .bit),
            ]
        ),
        MethodDescriptor(
            85,
            10,
            "confirm.select",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: [
                FieldDescriptor("nowait", .bit)
            ]
        ),
        MethodDescriptor(
            85,
            11,
            "confirm.select-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            10,
            "tx.select",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            11,
            "tx.select-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            20,
            "tx.commit",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            21,
            "tx.commit-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            30,
            "tx.rollback",
            senders: [.client],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
        MethodDescriptor(
            90,
            31,
            "tx.rollback-ok",
            senders: [.server],
            carriesContent: false,
            isSynchronous: true,
            fields: []
        ),
    ]
}
