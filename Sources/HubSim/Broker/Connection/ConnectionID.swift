/// A connection for as long as the broker lives; numbers are not used again.
package struct ConnectionID: Sendable, Hashable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
}

extension ConnectionID: CustomStringConvertible {
    package var description: String { "\(rawValue)" }
}
