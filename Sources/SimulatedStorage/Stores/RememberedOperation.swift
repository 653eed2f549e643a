import HubProtocol

/// What is remembered of an operation id (contract §7: the same id again).
public struct RememberedOperation: Sendable, Hashable {
    public var operationID: String
    /// Which payload came with it.
    public var fingerprint: OperationFingerprint
    /// The reply's body that is given again; `nil` for an operation that only reads and may be carried out again.
    public var reply: [UInt8]?
    /// When it was carried out.
    public var time: Timestamp

    public init(operationID: String, fingerprint: OperationFingerprint, reply: [UInt8]?, time: Timestamp) {
        self.operationID = operationID
        self.fingerprint = fingerprint
        self.reply = reply
        self.time = time
    }
}
