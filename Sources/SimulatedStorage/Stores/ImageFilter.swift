import HubProtocol
import Octets

/// Which images a list shows: those that match every given value exactly.
public struct ImageFilter: Sendable, Hashable {
    public var type: String?
    public var theme: String?

    public init(type: String? = nil, theme: String? = nil) {
        self.type = type
        self.theme = theme
    }

    /// Whether a record has exactly the values that are asked for.
    func matches(_ record: ImageRecord) -> Bool {
        (type?.isExactly(record.type) ?? true) && (theme?.isExactly(record.theme) ?? true)
    }
}
