import HubProtocol
import Synchronization

/// Wall time that only a test moves.
final class HandTime: Sendable {
    static let start = Timestamp("2026-01-02T03:04:05.678Z")!
    private let value: Mutex<Timestamp>

    init(_ start: Timestamp = HandTime.start) { value = Mutex(start) }

    var now: Timestamp { value.withLock { $0 } }

    func advance(milliseconds: Int64) { value.withLock { $0 = $0.adding(milliseconds: milliseconds) } }

    func set(_ time: Timestamp) { value.withLock { $0 = time } }
}
