import JSON

/// Exchanges, queues, bindings and policies.
extension DefinitionsReader {
    mutating func readExchange(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        let name = fields.text("name")
        let type = fields.text("type")
        let kind = ExchangeKind(rawValue: type)
        if kind == nil {
            let known = ExchangeKind.allCases.map(\.rawValue).joined(separator: ", ")
            fields.report("type", "is '\(type)'; known are \(known)")
        }
        let exchange = ExchangeDefinition(
            virtualHost: host,
            name: name,
            kind: kind ?? .direct,
            isDurable: fields.bool("durable"),
            isAutoDelete: fields.bool("auto_delete"),
            isInternal: fields.bool("internal"),
            arguments: fields.arguments()
        )
        _ = fields.value("policy")
        definitions.exchanges.append(exchange)
    }

    mutating func readQueue(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        var queue = QueueDefinition(
            virtualHost: host,
            name: fields.text("name"),
            isDurable: fields.bool("durable"),
            isAutoDelete: fields.bool("auto_delete"),
            arguments: fields.arguments()
        )
        let type = fields.text("type", default: "classic")
        if type != "classic", queue.arguments["x-queue-type"] == nil { queue.arguments["x-queue-type"] = .string(type) }
        _ = fields.value("policy")
        definitions.queues.append(queue)
    }

    mutating func readBinding(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        let type = fields.text("destination_type")
        if type != "queue", type != "exchange" { fields.report("destination_type", "must be queue or exchange") }
        let binding = BindingDefinition(
            virtualHost: host,
            source: fields.text("source"),
            destination: fields.text("destination"),
            isToQueue: type == "queue",
            routingKey: fields.text("routing_key", default: ""),
            arguments: fields.arguments()
        )
        _ = fields.value("properties_key")
        definitions.bindings.append(binding)
    }

    mutating func readPolicy(_ fields: inout DefinitionFields, _ path: String) {
        let host = virtualHost(&fields)
        var policy = Policy(virtualHost: host, name: fields.text("name"), pattern: fields.pattern("pattern"))
        policy.priority = fields.integer("priority") ?? 0
        let target = fields.text("apply-to", default: "all")
        if let known = Policy.Target(rawValue: target) {
            policy.target = known
        } else {
            let known = Policy.Target.allCases.map(\.rawValue).joined(separator: ", ")
            fields.report("apply-to", "must be one of \(known)")
        }
        guard let definition = fields.value("definition")?.object else {
            return fields.report("definition", "must be an object")
        }
        var keys = DefinitionFields(definition, path: path + ".definition.")
        read(&keys, into: &policy)
        fields.adopt(keys)
        for key in definition.keys.sorted() where !keys.asked.contains(key) {
            definitions.ignored.append("\(path).definition.\(key)")
        }
        definitions.policies.append(policy)
    }

    /// The keys that the hub keeps.
    private func read(_ keys: inout DefinitionFields, into policy: inout Policy) {
        policy.messageTTLMs = keys.natural("message-ttl", through: Expiration.millisecondsMax)
        policy.expiresMs = keys.natural("expires", from: 1, through: Expiration.millisecondsMax)
        policy.lengthMax = keys.natural("max-length")
        policy.bytesMax = keys.natural("max-length-bytes")
        policy.consumerTimeoutMs = keys.natural("consumer-timeout")
        policy.deadLetterExchange = keys.optionalText("dead-letter-exchange")
        policy.deadLetterRoutingKey = keys.optionalText("dead-letter-routing-key")
        policy.alternateExchange = keys.optionalText("alternate-exchange")
        if let text = keys.optionalText("overflow") {
            policy.overflow = QueueOptions.Overflow(rawValue: text)
            if policy.overflow == nil {
                keys.report("overflow", "must be drop-head, reject-publish or reject-publish-dlx")
            }
        }
    }
}

extension DefinitionFields {
    fileprivate mutating func natural(_ key: String, from least: Int64 = 0, through most: Int64 = .max) -> Int64? {
        guard let number = integer(key) else { return nil }
        if number < least || number > most {
            report(key, most == .max ? "must be at least \(least)" : "must be from \(least) to \(most)")
        }
        return number
    }

    fileprivate mutating func optionalText(_ key: String) -> String? { value(key) == nil ? nil : text(key) }

    fileprivate mutating func adopt(_ nested: DefinitionFields) { reader.adopt(nested.reader) }
}
