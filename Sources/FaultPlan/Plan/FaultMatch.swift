import HubProtocol

/// What a rule looks at. Every given field must fit; a rule with none fits everything.
public struct FaultMatch: Sendable, Hashable {
    /// A storage operation, or on the hub the `operation` in a message's body.
    public var operation: Glob?
    public var imageID: Glob?
    public var name: Glob?
    public var type: Glob?
    public var theme: Glob?
    /// `METHOD /path/*` of the asset API.
    public var route: Glob?
    /// Hub: the queue that a message is delivered from or published to.
    public var queue: Glob?
    /// Hub: the routing key of a message.
    public var routingKey: Glob?
    /// Hub: the name that a client gave its connection.
    public var connection: Glob?
    /// Which of the requests that fit otherwise, counted from 1 in the order of their arrival.
    public var nth: NthRange?

    public init(
        operation: Glob? = nil,
        imageID: Glob? = nil,
        name: Glob? = nil,
        type: Glob? = nil,
        theme: Glob? = nil,
        route: Glob? = nil,
        queue: Glob? = nil,
        routingKey: Glob? = nil,
        connection: Glob? = nil,
        nth: NthRange? = nil
    ) {
        self.operation = operation
        self.imageID = imageID
        self.name = name
        self.type = type
        self.theme = theme
        self.route = route
        self.queue = queue
        self.routingKey = routingKey
        self.connection = connection
        self.nth = nth
    }

    /// The names of the patterns, as a plan spells them.
    static let fields = [
        "operation", "image_id", "name", "type", "theme", "route", "queue", "routing_key", "connection",
    ]

    /// Those that are read from the data of a request or of a message.
    static let fieldsOfData: Set<String> = ["operation", "image_id", "name", "type", "theme"]

    /// The patterns that are given, by their names in a plan.
    var patterns: [(field: String, glob: Glob)] {
        zip(Self.fields, [operation, imageID, name, type, theme, route, queue, routingKey, connection])
            .compactMap { field, glob in glob.map { (field, $0) } }
    }

    /// Whether it asks for what only the body of a message tells.
    public var looksAtBodies: Bool { operation != nil || imageID != nil || name != nil || type != nil || theme != nil }

    /// Whether everything but `nth` fits. A field that the subject does not have does not fit.
    public func fits(_ subject: FaultSubject) -> Bool {
        func fits(_ glob: Glob?, _ value: String?) -> Bool {
            guard let glob else { return true }
            guard let value else { return false }
            return glob.matches(value)
        }
        return fits(operation, subject.operation) && fits(imageID, subject.imageID) && fits(name, subject.name)
            && fits(type, subject.type) && fits(theme, subject.theme) && fits(route, subject.route)
            && (queue.map { glob in subject.queues.contains { glob.matches($0) } } ?? true)
            && fits(routingKey, subject.routingKey)
            && fits(connection, subject.connection)
    }
}

/// A run of numbers from `from` on: so many, or all that follow.
public struct NthRange: Sendable, Hashable {
    /// At least 1.
    public var from: Int
    /// At least 1; absent: from then on.
    public var count: Int?

    public init(from: Int, count: Int? = nil) {
        self.from = from
        self.count = count
    }

    public func contains(_ nth: Int) -> Bool {
        guard nth >= from else { return false }
        guard let count else { return true }
        return nth - from < count
    }
}

/// What a fault could strike: a storage request, an asset request, or something on the hub.
public struct FaultSubject: Sendable, Hashable {
    public var operation: String?
    public var imageID: String?
    public var name: String?
    public var type: String?
    public var theme: String?
    public var route: String?
    /// The queue that a message comes from, or all that it goes to.
    public var queues: [String]
    public var routingKey: String?
    public var connection: String?

    public init(
        operation: String? = nil,
        imageID: String? = nil,
        name: String? = nil,
        type: String? = nil,
        theme: String? = nil,
        route: String? = nil,
        queue: String? = nil,
        routingKey: String? = nil,
        connection: String? = nil
    ) {
        self.operation = operation
        self.imageID = imageID
        self.name = name
        self.type = type
        self.theme = theme
        self.route = route
        queues = queue.map { [$0] } ?? []
        self.routingKey = routingKey
        self.connection = connection
    }

    /// The first of the queues; to set it leaves this one alone.
    public var queue: String? {
        get { queues.first }
        set { queues = newValue.map { [$0] } ?? [] }
    }

    /// What sort of request to a storage it is: its operation, the method and path of an asset request without the asset's
    /// name, or `other`. Nil for what is on the hub.
    var sort: String? {
        if let route {
            let method = AssetMethod(rawValue: String(route.prefix { $0 != " " }))
            return method.map { $0.rawValue + " " + AssetMethod.path + "*" } ?? "other"
        }
        guard connection == nil, routingKey == nil, queues.isEmpty else { return nil }
        return operation.flatMap(OperationName.init(rawValue:))?.rawValue ?? "other"
    }

    /// What chances are drawn for: the operation (or route, or routing key) plus image id or name (contract §7).
    /// Requests about different images so get chances that do not depend on which of them comes first.
    public var key: String {
        [operation ?? route ?? routingKey ?? "", imageID ?? name ?? queue ?? ""].joined(separator: "\u{1F}")
    }
}
