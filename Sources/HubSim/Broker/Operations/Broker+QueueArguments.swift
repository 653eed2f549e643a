import AMQP

/// What arguments of `queue.declare` are taken and how wrong ones are refused; the texts are RabbitMQ's.
extension Broker {
    /// The arguments in which two declarations of a queue must agree. Unknown ones are kept and not compared.
    static let comparedQueueArguments = [
        "x-expires", "x-message-ttl", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
        "x-max-length-bytes", "x-max-priority", "x-overflow", "x-queue-mode", "x-single-active-consumer",
        "x-queue-type", "x-queue-version", "x-queue-master-locator",
    ]

    /// Arguments that RabbitMQ knows, but not for classic queues.
    private static let argumentsOfOtherTypes = [
        "x-delivery-limit", "x-max-in-memory-length", "x-max-in-memory-bytes", "x-quorum-initial-group-size",
        "x-dead-letter-strategy", "x-max-age", "x-stream-max-segment-size-bytes", "x-initial-cluster-size",
    ]

    /// Arguments that are kept, beside `x-queue-type`, of which a queue of another type has its own remark.
    private static let keptArguments: Set<String> = [
        "x-expires", "x-message-ttl", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
        "x-max-length-bytes", "x-max-priority", "x-overflow", "x-single-active-consumer", "x-queue-type",
    ]

    /// Notes for the log what is taken and not kept.
    mutating func remark(on arguments: FieldTable, of queue: String) {
        if let type = arguments["x-queue-type"]?.string, type != "classic" {
            remarks.append(.keptAsClassic(queue: queue, type: type))
        }
        let idle = arguments.entries.map(\.key).filter { name in
            !Self.keptArguments.contains(name)
                && !(name == "x-consumer-timeout" && configuration.personality.knowsConsumerTimeout)
        }
        if !idle.isEmpty { remarks.append(.argumentsWithoutEffect(queue: queue, names: idle)) }
    }

    /// Reads and checks the arguments. Throws 406 `PRECONDITION_FAILED` for the first that is wrong.
    func queueOptions(_ arguments: FieldTable, title: String) throws(ProtocolError) -> QueueOptions {
        var options = QueueOptions()
        guard !arguments.isEmpty else { return options }
        let reader = ArgumentReader(arguments: arguments, title: title)
        options.expiresMs = try reader.milliseconds("x-expires", from: 1)
        options.messageTTLMs = try reader.milliseconds("x-message-ttl")
        if let exchange = arguments["x-dead-letter-exchange"] {
            guard let name = exchange.string else {
                throw ProtocolError(
                    .preconditionFailed,
                    "invalid type '\(exchange.typeName)' for arg 'x-dead-letter-exchange' in \(title)"
                )
            }
            options.deadLetterExchange = name
        }
        options.deadLetterRoutingKey = try reader.string("x-dead-letter-routing-key")
        if options.deadLetterRoutingKey != nil, options.deadLetterExchange == nil {
            throw reader.refusal("x-dead-letter-routing-key", "routing_key_but_no_dlx_defined")
        }
        // RabbitMQ takes it and fails when it sends such a message on: routing keys are short strings.
        if let size = options.deadLetterRoutingKey?.utf8.count, size > 255 {
            throw reader.refusal("x-dead-letter-routing-key", "{routing_key_too_long,\(size)}")
        }
        options.lengthMax = try reader.number("x-max-length")
        options.bytesMax = try reader.number("x-max-length-bytes")
        options.priorityMax = try reader.number("x-max-priority", through: 255).map { UInt8($0) }
        if let text = try reader.string("x-overflow") {
            guard let overflow = QueueOptions.Overflow(rawValue: text) else {
                throw reader.refusal("x-overflow", "invalid_overflow")
            }
            options.overflow = overflow
        }
        options.isSingleActiveConsumer = try reader.bool("x-single-active-consumer") ?? false
        if configuration.personality.knowsConsumerTimeout {
            options.consumerTimeoutMs = try reader.number("x-consumer-timeout")
        }
        try reader.require("x-queue-mode", oneOf: ["default", "lazy"], what: "mode")
        // Quorum and stream queues are taken, and kept as classic ones.
        try reader.require("x-queue-type", oneOf: ["classic", "quorum", "stream"], what: "type")
        if let version = try reader.number("x-queue-version"), version != 1, version != 2 {
            throw reader.refusal("x-queue-version", "\"unsupported queue version '\(version)'\"")
        }
        if (arguments["x-queue-type"]?.string ?? "classic") == "classic",
            let name = Self.argumentsOfOtherTypes.first(where: { arguments[$0] != nil })
        {
            throw ProtocolError(
                .preconditionFailed,
                "invalid arg '\(name)' for \(title) of queue type rabbit_classic_queue"
            )
        }
        return options
    }
}

/// Arguments of one declaration.
private struct ArgumentReader {
    let arguments: FieldTable
    let title: String

    func number(
        _ name: String,
        from least: Int64 = 0,
        through most: Int64 = .max
    ) throws(ProtocolError) -> Int64? {
        guard let value = arguments[name] else { return nil }
        guard let number = value.integer else {
            throw refusal(name, "\"expected integer, got \(value.typeName)\"")
        }
        guard number >= 0 else { throw refusal(name, "{value_negative,\(number)}") }
        guard number >= least else { throw refusal(name, "{value_zero,\(number)}") }
        guard number <= most else { throw refusal(name, "{max_value_exceeded,\(number)}") }
        return number
    }

    func milliseconds(_ name: String, from least: Int64 = 0) throws(ProtocolError) -> Int64? {
        guard let ms = try number(name, from: least) else { return nil }
        guard ms <= Expiration.millisecondsMax else { throw refusal(name, "{value_too_large,\(ms)}") }
        return ms
    }

    func require(_ name: String, oneOf values: Set<String>, what: String) throws(ProtocolError) {
        guard let value = try string(name), !values.contains(value) else { return }
        throw refusal(name, "\"unsupported queue \(what) '\(value)'\"")
    }

    func string(_ name: String) throws(ProtocolError) -> String? {
        guard let value = arguments[name] else { return nil }
        guard let text = value.string else { throw refusal(name, "{unacceptable_type,\(value.typeName)}") }
        return text
    }

    func bool(_ name: String) throws(ProtocolError) -> Bool? {
        guard let value = arguments[name] else { return nil }
        guard let truth = value.bool else { throw refusal(name, "{unacceptable_type,\(value.typeName)}") }
        return truth
    }

    func refusal(_ name: String, _ reason: String) -> ProtocolError {
        ProtocolError(.preconditionFailed, "invalid arg '\(name)' for \(title): \(reason)")
    }
}
