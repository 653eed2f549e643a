/// The kinds of exchanges that the broker knows (AMQP 0-9-1 §3.1.3).
package enum ExchangeKind: String, Sendable, Hashable, CaseIterable {
    case direct, fanout, topic, headers
}
