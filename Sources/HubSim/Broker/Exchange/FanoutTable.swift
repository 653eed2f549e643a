import AMQP

/// Every destination, whatever the key (AMQP 0-9-1 §3.1.3.2).
final class FanoutTable: RoutingTable {
    private var destinations: [Destination] = []

    func add(_ binding: Binding) { destinations.append(binding.destination) }
    func remove(_ binding: Binding) { destinations.removeOne(binding.destination) }

    func match(keys: [String], headers: FieldTable?, into found: inout [Destination]) {
        found.append(contentsOf: destinations)
    }
}
