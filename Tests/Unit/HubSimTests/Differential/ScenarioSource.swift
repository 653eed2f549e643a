import AMQP

/// Operations as the steps of a scenario, in Swift, to be put among the others.
struct ScenarioSource {
    private var steps: [String] = []

    /// The scenario.
    var text: String { "Scenario(\n    \"found\",\n    " + steps.joined(separator: ",\n    ") + "\n)" }

    /// Adds what a client said on a channel.
    mutating func append(_ frames: [Frame], _ seat: Operation.Seat) {
        guard !frames.isEmpty else { return }
        // Channel 1 is open from the beginning.
        if seat.channel != 1, !steps.contains(where: { $0 == opening(seat) }) { steps.append(opening(seat)) }
        steps.append(frames.count == 1 ? said(frames[0]) + place(seat) : published(frames) + place(seat))
    }

    private func opening(_ seat: Operation.Seat) -> String { "say(.channelOpen)" + place(seat) }

    private func place(_ seat: Operation.Seat) -> String {
        (seat.channel == 1 ? "" : ".on(\(seat.channel))") + (seat.client == "a" ? "" : ".by(\"\(seat.client)\")")
    }

    private func published(_ frames: [Frame]) -> String {
        guard case .method(_, .basicPublish(let publish)) = frames[0], case .header(_, let header) = frames[1],
            case .body(_, let octets) = frames[2]
        else { return "\(frames)" }
        var parts: [String] = []
        let properties = header.properties
        if let headers = properties.headers { parts.append("headers: \(table(headers))") }
        if let mode = properties.deliveryMode { parts.append("deliveryMode: \(mode)") }
        if let priority = properties.priority { parts.append("priority: \(priority)") }
        if let expiration = properties.expiration { parts.append("expiration: \"\(expiration)\"") }
        let flags = publish.mandatory ? ", mandatory: true" : ""
        return
            "publish(\"\(String(decoding: octets, as: UTF8.self))\", \"\(publish.exchange)\", \"\(publish.routingKey)\""
            + flags + (parts.isEmpty ? "" : ", BasicProperties(\(parts.joined(separator: ", ")))") + ")"
    }

    private func said(_ frame: Frame) -> String {
        guard case .method(_, let method) = frame else { return "\(frame)" }
        switch method {
        case .basicAck(let ack): return "ack(\(ack.deliveryTag)\(ack.multiple ? ", multiple: true" : ""))"
        case .basicNack(let nack):
            return "nack(\(nack.deliveryTag)\(nack.multiple ? ", multiple: true" : ""), requeue: \(nack.requeue))"
        case .basicGet(let get): return "get(\"\(get.queue)\", noAck: \(get.noAck))"
        case .txSelect, .txCommit, .txRollback: return "say(.\(name(method)))"
        default: return "say(.\(name(method))(\(typeName(method))(\(arguments(method)))))"
        }
    }

    /// `queue.declare` as the case `queueDeclare`.
    private func name(_ method: AMQP.Method) -> String {
        let typeName = typeName(method)
        return typeName.prefix(1).lowercased() + typeName.dropFirst()
    }

    private func typeName(_ method: AMQP.Method) -> String {
        method.name.split { $0 == "." || $0 == "-" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private func arguments(_ method: AMQP.Method) -> String {
        var parts: [String] = []
        func add(_ name: String, _ value: String) { if !value.isEmpty { parts.append("\(name): \"\(value)\"") } }
        func add(_ name: String, _ value: Bool) { if value { parts.append("\(name): true") } }
        func add(_ name: String, _ value: FieldTable) { if !value.isEmpty { parts.append("\(name): \(table(value))") } }
        switch method {
        case .queueDeclare(let declare):
            add("queue", declare.queue)
            add("passive", declare.passive)
            add("durable", declare.durable)
            add("exclusive", declare.exclusive)
            add("autoDelete", declare.autoDelete)
            add("arguments", declare.arguments)
        case .exchangeDeclare(let declare):
            add("exchange", declare.exchange)
            add("type", declare.type)
            add("autoDelete", declare.autoDelete)
            add("arguments", declare.arguments)
        case .queueBind(let bind):
            add("queue", bind.queue)
            add("exchange", bind.exchange)
            add("routingKey", bind.routingKey)
            add("arguments", bind.arguments)
        case .queueUnbind(let unbind):
            add("queue", unbind.queue)
            add("exchange", unbind.exchange)
            add("routingKey", unbind.routingKey)
            add("arguments", unbind.arguments)
        case .exchangeBind(let bind):
            add("destination", bind.destination)
            add("source", bind.source)
            add("routingKey", bind.routingKey)
        case .queueDelete(let delete):
            add("queue", delete.queue)
            add("ifUnused", delete.ifUnused)
            add("ifEmpty", delete.ifEmpty)
        case .exchangeDelete(let delete):
            add("exchange", delete.exchange)
            add("ifUnused", delete.ifUnused)
        case .queuePurge(let purge): add("queue", purge.queue)
        case .basicConsume(let consume):
            add("queue", consume.queue)
            add("consumerTag", consume.consumerTag)
            add("noAck", consume.noAck)
            add("exclusive", consume.exclusive)
            add("arguments", consume.arguments)
        case .basicCancel(let cancel): add("consumerTag", cancel.consumerTag)
        case .basicQos(let qos):
            parts.append("prefetchCount: \(qos.prefetchCount)")
            add("isGlobal", qos.isGlobal)
        case .basicReject(let reject): parts.append("deliveryTag: \(reject.deliveryTag), requeue: \(reject.requeue)")
        case .basicRecover(let recover): add("requeue", recover.requeue)
        // The generator makes no others that have arguments.
        default: break
        }
        return parts.joined(separator: ", ")
    }

    private func table(_ table: FieldTable) -> String {
        "[" + table.entries.map { "\"\($0.key)\": \(value($0.value))" }.joined(separator: ", ") + "]"
    }

    private func value(_ value: FieldValue) -> String {
        switch value {
        case .string(let text): "\"\(text)\""
        case .bool(let truth): "\(truth)"
        case .int32(let number): ".int32(\(number))"
        case .array(let values): "[" + values.map(self.value).joined(separator: ", ") + "]"
        default: "\(value)"
        }
    }
}
