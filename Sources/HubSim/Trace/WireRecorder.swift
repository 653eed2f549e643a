import AMQP
import Dispatch
import MessageHub
import Synchronization

/// Takes what taps see, and has it written down by someone who may be slow.
///
/// The hub only puts events into a queue that is bounded; a queue of Dispatch, so that a sink that blocks holds no thread
/// of the hub's, decodes and writes. What finds the queue full is dropped and counted. Nothing of this exists where
/// nobody looks on.
final class WireRecorder: Sendable {
    private struct State {
        var events: [WireEvent] = []
        var bytes = 0
        var dropped: UInt64 = 0
        var lastDroppedAt = Instant.start
        var isWriting = false
        var lastParty: UInt64 = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let writer = DispatchQueue(label: "hubsim.trace")
    private let trace: (@Sendable (TracedFrame) -> Void)?
    private let capture: CaptureFile?
    private let limits: HubSimLimits

    init(trace: (@Sendable (TracedFrame) -> Void)?, capture: CaptureFile?, limits: HubSimLimits) {
        self.trace = trace
        self.capture = capture
        self.limits = limits
    }

    /// Nil where nobody is to look on.
    convenience init?(_ configuration: HubConfiguration, capture: CaptureFile?) {
        guard configuration.trace != nil || capture != nil else { return nil }
        self.init(trace: configuration.trace, capture: capture, limits: configuration.limits)
    }

    /// A connection that is to be looked at, numbered in the order in which it came.
    func party(_ addresses: WireAddresses, name: String, isInProcess: Bool) -> WireParty {
        let number = state.withLock { state in
            state.lastParty += 1
            return state.lastParty
        }
        return WireParty(number: number, addresses: addresses, name: Excerpt.name(name), isInProcess: isInProcess)
    }

    /// What is to be kept of a frame: of a body, only its beginning where nobody captures.
    func kept(_ frame: [UInt8]) -> [UInt8] {
        guard capture == nil, frame[0] == FrameType.body.rawValue else { return frame }
        return frame.count <= 7 + Excerpt.octetsMax + 1 ? frame : Array(frame.prefix(7 + Excerpt.octetsMax))
    }

    /// Notes events in order, or counts those for which there is no room. Never waits.
    func note(_ events: [WireEvent]) {
        guard !events.isEmpty else { return }
        let isToBegin = state.withLock { state in
            for event in events {
                let size = event.sizeBytes
                // Once something is missing, everything is until the queue has been emptied: there is one gap, not many.
                guard state.dropped == 0, state.events.count < limits.traceEventsMax,
                    state.bytes + size <= limits.traceBytesMax
                else {
                    state.dropped += 1
                    state.lastDroppedAt = event.at
                    continue
                }
                state.events.append(event)
                state.bytes += size
            }
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isToBegin { writer.async { self.write() } }
    }

    /// Waits until everything is written down that was noted before, but no longer than that.
    func settled(within timeout: Duration) async {
        // A sink that hangs must not keep the hub from ending: whichever comes first goes on.
        await withTaskGroup { group in
            group.addTask { try? await TimeSource.system.sleep(for: timeout) }
            group.addTask { await self.written() }
            await group.next()
            // Cancelled first: who comes to wait only now sees it, and who waits already is woken.
            group.cancelAll()
            let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private func written() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard state.isWriting, !Task.isCancelled else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Writes until there is nothing more. Runs on the writer's queue, once at a time.
    private func write() {
        while let (events, dropped, droppedAt) = take() {
            for event in events {
                trace?(TracedFrame(event))
                capture?.write(event)
            }
            if dropped > 0, let trace {
                trace(
                    TracedFrame(
                        time: droppedAt.sinceStart,
                        connection: 0,
                        name: "",
                        direction: .fromClient,
                        channel: 0,
                        content: .dropped(dropped)
                    )
                )
            }
            capture?.flush()
        }
    }

    private func take() -> (events: [WireEvent], dropped: UInt64, droppedAt: Instant)? {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var taken: (events: [WireEvent], dropped: UInt64, droppedAt: Instant)?
        state.withLock { state in
            if state.events.isEmpty, state.dropped == 0 {
                state.isWriting = false
                swap(&waiting, &state.waiting)
            } else {
                taken = (state.events, state.dropped, state.lastDroppedAt)
                (state.events, state.bytes, state.dropped) = ([], 0, 0)
            }
        }
        for continuation in waiting { continuation.resume() }
        return taken
    }
}
