/// An end that is no clean one and has an exit status of its own; what it says goes to standard error.
public protocol ExitStatusError: Error, CustomStringConvertible {
    /// Neither 0 nor 64, which every program has.
    var exitStatus: Int32 { get }
}
