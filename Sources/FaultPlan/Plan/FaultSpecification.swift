/// What goes wrong: a kind and its parameters. A side (storage, hub) turns it into one of its own fault types.
public struct FaultSpecification: Sendable, Hashable {
    public var kind: FaultKind
    public var parameters: FaultParameters

    public init(_ kind: FaultKind, _ parameters: FaultParameters = FaultParameters()) {
        self.kind = kind
        self.parameters = parameters
    }
}

/// The parameters of all kinds; each kind takes only some (`FaultKind.parameters`).
public struct FaultParameters: Sendable, Hashable {
    /// Milliseconds to wait.
    public var ms: Int?
    /// Milliseconds after the request's deadline.
    public var afterDeadlineMs: Int?
    /// How many, such as copies of a reply.
    public var count: Int?
    /// An error code to answer.
    public var code: String?
    /// An HTTP status, or an AMQP reply code.
    public var status: Int?
    /// After or before how many bytes.
    public var bytes: Int?
    /// A speed.
    public var bytesPerSecond: Int?
    /// Which of a kind's variants.
    public var mode: String?
    /// How long a crashed instance stays away, milliseconds.
    public var downMs: Int?

    public init(
        ms: Int? = nil,
        afterDeadlineMs: Int? = nil,
        count: Int? = nil,
        code: String? = nil,
        status: Int? = nil,
        bytes: Int? = nil,
        bytesPerSecond: Int? = nil,
        mode: String? = nil,
        downMs: Int? = nil
    ) {
        self.ms = ms
        self.afterDeadlineMs = afterDeadlineMs
        self.count = count
        self.code = code
        self.status = status
        self.bytes = bytes
        self.bytesPerSecond = bytesPerSecond
        self.mode = mode
        self.downMs = downMs
    }
}
