extension ConnectionClose {
    /// What to close a connection with for this error.
    public init(_ error: ProtocolError) {
        self.init(
            replyCode: error.code.rawValue,
            replyText: error.replyText,
            classID: error.method.classID,
            methodID: error.method.methodID
        )
    }
}

extension ChannelClose {
    /// What to close a channel with for this error.
    public init(_ error: ProtocolError) {
        self.init(
            replyCode: error.code.rawValue,
            replyText: error.replyText,
            classID: error.method.classID,
            methodID: error.method.methodID
        )
    }
}
