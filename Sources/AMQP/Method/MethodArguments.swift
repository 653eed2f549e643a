/// The arguments of one method, as a struct of its own.
public protocol MethodArguments: Sendable, Hashable {
    /// Class and method number.
    static var id: MethodID { get }
}
