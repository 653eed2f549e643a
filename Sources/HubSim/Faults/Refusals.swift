import FaultPlan
import Synchronization

/// Whether connections are refused before the broker hears of them.
package final class Refusals: Sendable {
    private let armed: ArmedFaults
    private let timeline: Timeline
    /// Until when every connection is refused, in microseconds.
    private let untilMicroseconds = Atomic<Int64>(.min)

    init(armed: ArmedFaults, timeline: Timeline) {
        self.armed = armed
        self.timeline = timeline
    }

    /// Whether a new connection is to be reset before a byte. Its name is not known yet: its address stands for it.
    func refusesConnection(_ peer: String) -> Bool {
        let now = timeline.now
        if now.microseconds < untilMicroseconds.load(ordering: .relaxed) { return true }
        guard case .refuseConnection(let ms) = effect(peer, [.refuseConnection]) else { return false }
        untilMicroseconds.store(now.adding(milliseconds: Int64(ms)).microseconds, ordering: .relaxed)
        return true
    }

    /// Whether a login is to fail.
    func refusesLogin(_ name: String) -> Bool { effect(name, [.refuseAuthentication]) != nil }

    private func effect(_ name: String, _ kinds: FaultKindSet) -> FaultEffect? {
        armed.decide(FaultSubject(connection: name), among: kinds, at: .connect).map {
            HubFaults.effect(of: $0, seed: armed.plan.seed)
        }
    }
}
