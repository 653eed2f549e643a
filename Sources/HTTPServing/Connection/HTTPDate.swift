import FoundationEssentials
import Synchronization

/// The `Date` field of answers, made anew once a second.
final class DateField: Sendable {
    private struct State: Sendable {
        var second: Int?
        var text = ""
    }

    private let state = Mutex(State())

    /// The present time.
    var text: String {
        let now = Date.now
        let second = Int(now.timeIntervalSince1970)
        return state.withLock { state in
            if state.second != second { state = State(second: second, text: HTTPDate.text(now)) }
            return state.text
        }
    }
}

/// The `Date` field (RFC 9110 §5.6.7, IMF-fixdate): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day, let hour = parts.hour,
            let minute = parts.minute, let second = parts.second, let weekday = parts.weekday
        else { preconditionFailure("Cannot split a date into its parts") }
        let time = [hour, minute, second].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(weekdays[weekday - 1]), \(padded(day, to: 2)) \(months[month - 1]) \(padded(year, to: 4)) \(time) GMT"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
