import AMQP

/// An exchange and its bindings. Owned by the broker; nobody else may hold it.
final class Exchange {
    let name: String
    let kind: ExchangeKind
    let isDurable: Bool
    let isAutoDelete: Bool
    let isInternal: Bool
    let arguments: FieldTable
    /// The exchange for messages that this one has no destination for (`alternate-exchange`).
    private(set) var alternate: String?

    private(set) var bindings: [BindingKey: Binding] = [:]
    private let table: any RoutingTable
    /// The bindings that lead here from other exchanges.
    var inbound: Set<InboundBinding> = []
    /// What it learned about routing keys, good for one generation of the vhost's bindings.
    var routes = RouteCache()
    /// In which search it was last visited; exchanges may be bound in circles.
    var searchMark: UInt64 = 0
    /// Messages that were published to it.
    var publishedCount: UInt64 = 0

    init(
        name: String,
        kind: ExchangeKind,
        isDurable: Bool,
        isAutoDelete: Bool = false,
        isInternal: Bool = false,
        arguments: FieldTable = [:]
    ) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.isAutoDelete = isAutoDelete
        self.isInternal = isInternal
        self.arguments = arguments
        alternate = arguments["alternate-exchange"]?.string
        table =
            switch kind {
            case .direct: DirectTable()
            case .fanout: FanoutTable()
            case .topic: TopicTable()
            case .headers: HeadersTable()
            }
    }

    /// Whether it is the default exchange, which routes to the queue that the key names and takes no bindings.
    var isDefault: Bool { name.isEmpty }

    /// A policy gives it an alternate exchange, unless it has one of its own.
    func apply(_ policy: Policy?) { alternate = arguments["alternate-exchange"]?.string ?? policy?.alternateExchange }

    /// Adds a binding that is not there.
    func add(_ binding: Binding) {
        bindings[binding.key] = binding
        table.add(binding)
    }

    /// Removes a binding.
    /// - Returns: the binding, if it was there.
    func removeBinding(_ key: BindingKey) -> Binding? {
        guard let binding = bindings.removeValue(forKey: key) else { return nil }
        table.remove(binding)
        return binding
    }

    /// Lets go of everything that it holds, when the broker ends.
    func forgetBindings() {
        for binding in bindings.values { table.remove(binding) }
        bindings.removeAll()
        routes = RouteCache()
    }

    /// Appends the destinations of a message; some may come more than once.
    func match(keys: [String], headers: FieldTable?, into destinations: inout [Destination]) {
        table.match(keys: keys, headers: headers, into: &destinations)
    }
}
