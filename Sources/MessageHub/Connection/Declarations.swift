/// An exchange to be declared, without arguments.
public struct ExchangeDeclaration: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case direct, fanout, topic, headers
    }

    public var name: String
    public var kind: Kind
    /// Kept over a restart of the hub.
    public var isDurable: Bool

    public init(name: String, kind: Kind, isDurable: Bool) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
    }
}

/// A queue to be declared, without arguments.
public struct QueueDeclaration: Sendable, Hashable {
    /// Empty: the hub chooses a name.
    public var name: String
    /// Kept over a restart of the hub.
    public var isDurable: Bool
    /// Of this connection alone, and gone with it.
    public var isExclusive: Bool
    /// Gone when its last consumer goes.
    public var isAutoDelete: Bool
    /// Only ask whether it is there.
    public var isPassive: Bool

    public init(
        name: String,
        isDurable: Bool = false,
        isExclusive: Bool = false,
        isAutoDelete: Bool = false,
        isPassive: Bool = false
    ) {
        self.name = name
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.isAutoDelete = isAutoDelete
        self.isPassive = isPassive
    }

    /// The storage side's queue: durable, shared by all its instances.
    public static func durable(_ name: String) -> QueueDeclaration { QueueDeclaration(name: name, isDurable: true) }

    /// A queue of this connection's own, named by the hub: for replies and for listening to events.
    public static let exclusive = QueueDeclaration(name: "", isExclusive: true, isAutoDelete: true)
}

/// What the hub says of a queue that was declared.
public struct DeclaredQueue: Sendable, Hashable {
    public var name: String
    /// Messages ready in it.
    public var messageCount: Int
    public var consumerCount: Int

    public init(name: String, messageCount: Int, consumerCount: Int) {
        self.name = name
        self.messageCount = messageCount
        self.consumerCount = consumerCount
    }
}
