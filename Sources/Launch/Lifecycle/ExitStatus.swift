/// Thrown by a command that ends with an exit status of its own.
public struct ExitStatus: Error, Sendable, Hashable {
    /// Neither 0 nor 64, which every program has.
    public let code: Int32
    /// What goes to standard error; `nil` where the command has said what there is to say.
    public let message: String?

    public init(_ code: Int32, saying message: String? = nil) {
        self.code = code
        self.message = message
    }
}
