/// What the specification says about one method: for tracing, documentation and tests.
///
///     MethodDescriptor.all.first { $0.name == "basic.publish" }?.fields.map(\.name)
public struct MethodDescriptor: Sendable, Hashable {
    /// Who may send a method.
    public struct Senders: OptionSet, Sendable, Hashable {
        /// The bits of the set.
        public let rawValue: UInt8
        /// The set of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The client may.
        public static let client = Senders(rawValue: 1)
        /// The server may.
        public static let server = Senders(rawValue: 2)
    }

    /// Class and method number.
    public var id: MethodID
    /// Such as `queue.declare`.
    public var name: String
    /// Who may send it.
    public var senders: Senders
    /// Whether a content header and body follow.
    public var carriesContent: Bool
    /// Whether it is a request that is answered, or such an answer (§2.2.3).
    public var isSynchronous: Bool
    /// The fields in the order in which they lie on the wire.
    public var fields: [FieldDescriptor]

    init(
        _ classID: UInt16,
        _ methodID: UInt16,
        _ name: String,
        senders: Senders,
        carriesContent: Bool,
        isSynchronous: Bool,
        fields: [FieldDescriptor]
    ) {
        id = MethodID(classID: classID, methodID: methodID)
        self.name = name
        self.senders = senders
        self.carriesContent = carriesContent
        self.isSynchronous = isSynchronous
        self.fields = fields
    }
}
