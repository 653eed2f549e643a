import JSON

/// A policy as a manager sees it: in the words of definitions.
package struct PolicyDetails: Sendable {
    package var vhost: String
    package var name: String
    package var pattern: String
    /// `apply-to`.
    package var target: String
    package var priority: Int64
    /// What it sets of what the hub keeps.
    package var definition: [String: JSONValue]
}

extension PolicyDetails {
    init(_ policy: Policy) {
        vhost = policy.virtualHost
        name = policy.name
        pattern = policy.pattern.text
        target = policy.target.rawValue
        priority = policy.priority
        definition = [:]
        definition["message-ttl"] = policy.messageTTLMs.map(JSONValue.integer)
        definition["expires"] = policy.expiresMs.map(JSONValue.integer)
        definition["max-length"] = policy.lengthMax.map(JSONValue.integer)
        definition["max-length-bytes"] = policy.bytesMax.map(JSONValue.integer)
        definition["consumer-timeout"] = policy.consumerTimeoutMs.map(JSONValue.integer)
        definition["overflow"] = (policy.overflow?.rawValue).map(JSONValue.string)
        definition["dead-letter-exchange"] = policy.deadLetterExchange.map(JSONValue.string)
        definition["dead-letter-routing-key"] = policy.deadLetterRoutingKey.map(JSONValue.string)
        definition["alternate-exchange"] = policy.alternateExchange.map(JSONValue.string)
    }
}
