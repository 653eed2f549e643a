/// What the clients of a hub heard of one operation, without what a hub is free in: the numbers of deliveries, the order
/// between consumers and between replies and deliveries, how confirms are put together.
struct Heard: Equatable, CustomStringConvertible {
    typealias Seat = Operation.Seat

    var replies: [Seat: [String]] = [:]
    /// By consumer, in order.
    var deliveries: [Seat: [String: [String]]] = [:]
    var confirms: [Seat: Set<String>] = [:]
    /// Consumers that the hub ended.
    var cancels: [Seat: Set<String>] = [:]
    /// What every queue holds after it.
    var counts: [String: String] = [:]

    /// Why a hub could not be heard to the end.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var description: String {
        var lines: [String] = []
        for (seat, texts) in replies.sorted(by: { $0.key < $1.key }) {
            lines += texts.map { "\(seat.client)\(seat.channel) \($0)" }
        }
        for (seat, consumers) in deliveries.sorted(by: { $0.key < $1.key }) {
            for (_, texts) in consumers.sorted(by: { $0.key < $1.key }) {
                lines += texts.map { "\(seat.client)\(seat.channel) \($0)" }
            }
        }
        for (seat, outcomes) in confirms.sorted(by: { $0.key < $1.key }) {
            lines.append("\(seat.client)\(seat.channel) confirms: \(outcomes.sorted().joined(separator: ", "))")
        }
        for (seat, tags) in cancels.sorted(by: { $0.key < $1.key }) {
            lines.append("\(seat.client)\(seat.channel) cancelled: \(tags.sorted().joined(separator: ", "))")
        }
        for (queue, count) in counts.sorted(by: { $0.key < $1.key }) { lines.append("\(queue): \(count)") }
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }
}
