import AMQP
import Octets

/// Destinations by the headers of the message (AMQP 0-9-1 §3.1.3.4).
final class HeadersTable: RoutingTable {
    private var patterns: [(pattern: HeadersPattern, binding: Binding)] = []

    func add(_ binding: Binding) { patterns.append((HeadersPattern(binding.key.arguments), binding)) }

    func remove(_ binding: Binding) {
        if let index = patterns.firstIndex(where: { $0.binding.key == binding.key }) { patterns.remove(at: index) }
    }

    func match(keys: [String], headers: FieldTable?, into found: inout [Destination]) {
        let headers = HeaderLookup(headers)
        for entry in patterns where entry.pattern.matches(headers) { found.append(entry.binding.destination) }
    }
}

/// The headers of a message by name; made once for all patterns that look into it.
struct HeaderLookup {
    private var values: [ExactText: FieldValue] = [:]

    init(_ headers: FieldTable?) {
        for entry in headers?.entries ?? [] where values[entry.key] == nil { values[entry.key] = entry.value }
    }

    subscript(name: String) -> FieldValue? { values[name] }
}
