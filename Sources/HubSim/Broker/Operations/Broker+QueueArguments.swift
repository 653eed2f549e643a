import AMQP

/// What arguments of `queue.declare` are taken and how wrong ones are refused; the texts are RabbitMQ's.
extension Broker {
    /// The arguments in which two declarations of a queue must agree. Unknown ones are kept and not compared.
    static let comparedQueueArguments = [
        "x-expires", "x-message-ttl", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
        "x-max-length-bytes", "x-max-priority", "x-overflow", "x-queue-mode", "x-single-active-consumer",
        "x-queue-type",
    ]

    /// Reads and checks the arguments. Throws 406 `PRECONDITION_FAILED` for the first that is wrong.
    func queueOptions(_ arguments: FieldTable, title: String) throws(ProtocolError) -> QueueOptions {
        var options = QueueOptions()
        guard !arguments.isEmpty else { return options }
        let reader = ArgumentReader(arguments: arguments, title: title)
        options.expiresMs = try reader.number("x-expires", from: 1)
        options.messageTTLMs = try reader.number("x-message-ttl")
        options.deadLetterExchange = try reader.string("x-dead-letter-exchange")
        options.deadLetterRoutingKey = try reader.string("x-dead-letter-routing-key")
        if options.deadLetterRoutingKey != nil, options.deadLetterExchange == nil {
            throw reader.refusal("x-dead-letter-routing-key", "routing_key_but_no_dlx_defined")
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
        options.consumerTimeoutMs = try reader.number("x-consumer-timeout")
        if let mode = try reader.string("x-queue-mode"), mode != "default", mode != "lazy" {
            throw reader.refusal("x-queue-mode", "invalid_queue_mode")
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
        guard let number = value.integer else { throw refusal(name, "{unacceptable_type,\(value.typeName)}") }
        guard number >= 0 else { throw refusal(name, "{value_negative,\(number)}") }
        guard number >= least else { throw refusal(name, "{value_zero,\(number)}") }
        guard number <= most else { throw refusal(name, "{max_value_exceeded,\(number)}") }
        return number
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
