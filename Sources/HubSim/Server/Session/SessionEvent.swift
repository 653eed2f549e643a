import AMQP

/// What comes out of the bytes of a client, for the shell to carry out.
enum SessionEvent {
    /// For the broker.
    case command(Command)
    /// The client is logged in and asks for a vhost: answer with `opened` or `failed`.
    case open(ConnectionProfile)
    /// The client closes the connection: apply all commands before it, then say `confirmClose`.
    case closeRequested
    /// The client is in error: apply all commands before it, then say `fail`.
    case failed(ProtocolError)
    /// There is nothing left to say: write what is written and close the socket.
    case ended
}
