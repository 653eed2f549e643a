/// A point on the hub's own time line, in microseconds since the hub began. The broker has no clock: whoever owns it
/// says with every command what time it is.
package struct Instant: Sendable, Hashable, Comparable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant that is so long after the hub's beginning.
    package init(_ sinceStart: Duration) {
        let (seconds, attoseconds) = sinceStart.components
        microseconds = seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }

    /// The hub's beginning.
    package static let start = Instant(microseconds: 0)
    /// Later than everything: what never happens.
    package static let never = Instant(microseconds: .max)

    /// So many milliseconds later; `never` where that does not fit.
    package func adding(milliseconds: Int64) -> Instant {
        let (span, tooLong) = milliseconds.multipliedReportingOverflow(by: 1000)
        let (sum, tooLate) = microseconds.addingReportingOverflow(span)
        return tooLong || tooLate ? .never : Instant(microseconds: sum)
    }

    /// How long it is since the hub's beginning.
    package var sinceStart: Duration { .microseconds(microseconds) }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}
