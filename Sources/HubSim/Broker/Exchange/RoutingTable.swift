import AMQP

/// How an exchange of one kind finds the destinations of a message. A destination may come more than once.
protocol RoutingTable: AnyObject {
    func add(_ binding: Binding)
    func remove(_ binding: Binding)
    /// Appends the destinations for a message with these routing keys (its own, and those of CC and BCC) and headers.
    func match(keys: [String], headers: FieldTable?, into destinations: inout [Destination])
}

extension [Destination] {
    /// Removes one occurrence; the order of the others stays.
    mutating func removeOne(_ destination: Destination) {
        if let index = firstIndex(where: { $0.identity == destination.identity }) { remove(at: index) }
    }
}
