/// Why a data directory cannot be used. It is told when a program starts, and stops the start.
public enum DurableStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process has it; the text is what that process wrote about itself.
    case inUse(directory: String, by: String)
    /// A newer version of this program has been there.
    case newer(path: String)
    /// It cannot be read or written, or is something else.
    case unusable(path: String, reason: String)

    /// Whether another process has it.
    public var isInUse: Bool {
        switch self {
        case .inUse: true
        case .newer, .unusable: false
        }
    }

    public var description: String {
        switch self {
        case .inUse(let directory, let holder): "\(directory) is in use by \(holder)"
        case .newer(let path): "\(path) was written by a newer version of this program"
        case .unusable(let path, let reason): "\(path) cannot be used: \(reason)"
        }
    }
}
