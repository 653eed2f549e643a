import Testing

@testable import HTTPServing

/// Connections as transcripts.
struct ConnectionStateTests {
    private static func state(_ change: (inout ServingLimits) -> Void = { _ in }) -> ConnectionState {
        var limits = ServingLimits()
        limits.drainBytesMax = 100
        limits.lingerMs = 5000
        limits.lingerIdleMs = 1000
        limits.lingerBytesMax = 1000
        limits.writeIdleTimeoutMs = 1000
        change(&limits)
        return ConnectionState(limits: limits, nowMs: 0)
    }

    private static func framing(_ change: (inout RequestFraming) -> Void = { _ in }) -> RequestFraming {
        var framing = RequestFraming()
        change(&framing)
        return framing
    }

    @Test("a request and its answer")
    func exchange() {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing { $0.contentLength = 3 }) == .deliver)
        #expect(!state.isHolding)
        #expect(state.requestBodyReceived(bytes: 3, nowMs: 1) == .deliver)
        #expect(state.requestEndReceived(nowMs: 1) == .deliver)
        #expect(state.isHolding)
        #expect(state.responseHeadSent(isDelimited: true) == .init(closes: false, isHead: false, isHTTP10: false))
        #expect(state.isHolding)
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 2) == .next)
        #expect(!state.isHolding)
    }

    struct Early: Sendable {
        let contentLength: Int?
        let received: Int
        var expectsContinue = false
        let end: ConnectionState.EndAction
    }

    @Test(
        "an answer before the end of the body keeps the connection only for a short known rest",
        arguments: [
            Early(contentLength: 100, received: 0, end: .drain),
            Early(contentLength: 101, received: 0, end: .linger),
            Early(contentLength: 1000, received: 900, end: .drain),
            Early(contentLength: nil, received: 0, end: .linger),
            Early(contentLength: 10, received: 0, expectsContinue: true, end: .linger),
            Early(contentLength: 10, received: 1, expectsContinue: true, end: .drain),
        ]
    )
    func early(_ example: Early) {
        var state = Self.state()
        let framing = Self.framing {
            $0.contentLength = example.contentLength
            $0.expectsContinue = example.expectsContinue
        }
        #expect(state.requestHeadReceived(framing) == .deliver)
        if example.received > 0 { #expect(state.requestBodyReceived(bytes: example.received, nowMs: 1) == .deliver) }
        #expect(state.responseHeadSent(isDelimited: true).closes == (example.end == .linger))
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 2) == example.end)
        #expect(state.isLingering == (example.end == .linger))
        #expect(state.requestBodyReceived(bytes: 1, nowMs: 3) == (example.end == .linger ? .discard : .deliver))
        #expect(state.requestEndReceived(nowMs: 4) == (example.end == .linger ? .discard : .deliver))
        #expect(!state.isHolding)
    }

    @Test("a rest that breaks while it is thrown away closes the connection")
    func failureWhileDraining() {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing { $0.contentLength = 10 }) == .deliver)
        _ = state.responseHeadSent(isDelimited: true)
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 0) == .drain)
        #expect(state.failed() == .close)
    }

    @Test("a refusal without a request lingers")
    func refusal() {
        var state = Self.state()
        #expect(state.failed() == .deliver)
        #expect(state.isHolding)
        #expect(state.failed() == .ignore)
        #expect(state.responseHeadSent(isDelimited: true).closes)
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 0) == .linger)
        #expect(state.isLingering)
    }

    @Test("an error under an answer that is being sent lets it end, and closes then")
    func failureWhileSending() {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing { $0.contentLength = 10 }) == .deliver)
        #expect(!state.responseHeadSent(isDelimited: true).closes)
        #expect(state.failed() == .deliver)
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 0) == .linger)
    }

    @Test(
        "an answer of unknown length ends an HTTP/1.0 connection",
        arguments: [(true, true, false), (true, false, true), (false, false, false)]
    )
    func http10(isHTTP10: Bool, isDelimited: Bool, closes: Bool) {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing { $0.isHTTP10 = isHTTP10 }) == .deliver)
        #expect(state.requestEndReceived(nowMs: 0) == .deliver)
        #expect(state.responseHeadSent(isDelimited: isDelimited).closes == closes)
        #expect(state.responseEndSent(hasHeldParts: false, nowMs: 0) == (closes ? .close : .next))
    }

    @Test("a last answer with more requests behind it lingers, so that they do not reset it")
    func pipelinedBehindClose() {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing { $0.keepsAlive = false }) == .deliver)
        #expect(state.requestEndReceived(nowMs: 0) == .deliver)
        #expect(state.responseHeadSent(isDelimited: true).closes)
        #expect(state.responseEndSent(hasHeldParts: true, nowMs: 0) == .linger)
    }

    @Test("who lingers is listened to until it is silent, has had its time or its bytes")
    func linger() {
        func lingering() -> ConnectionState {
            var state = Self.state()
            #expect(state.failed() == .deliver)
            _ = state.responseHeadSent(isDelimited: true)
            #expect(state.responseEndSent(hasHeldParts: false, nowMs: 0) == .linger)
            return state
        }
        var silent = lingering()
        #expect(silent.tick(nowMs: 999, unsentBytes: 0) == .none)
        #expect(silent.tick(nowMs: 1000, unsentBytes: 0) == .close)
        var endless = lingering()
        for nowMs in stride(from: 900, to: 5000, by: 900) {
            #expect(endless.bytesReceived(1, nowMs: nowMs) == .keep)
            #expect(endless.tick(nowMs: nowMs, unsentBytes: 0) == .none)
        }
        #expect(endless.tick(nowMs: 5000, unsentBytes: 0) == .close)
        var large = lingering()
        #expect(large.bytesReceived(1000, nowMs: 1) == .keep)
        #expect(large.bytesReceived(1, nowMs: 1) == .close)
        var finished = lingering()
        #expect(finished.inputClosed() == .close)
    }

    @Test("a client whose input has been closed for long is gone while it waits for an answer, not while it reads one")
    func halfClosedForLong() {
        var state = Self.state()
        #expect(state.requestHeadReceived(Self.framing()) == .deliver)
        #expect(state.requestEndReceived(nowMs: 1) == .deliver)
        #expect(state.inputClosed() == .deliver)
        _ = state.responseHeadSent(isDelimited: true)
        #expect(state.halfClosedForLong() == .keep)
        var waiting = Self.state()
        #expect(waiting.requestHeadReceived(Self.framing()) == .deliver)
        #expect(waiting.requestEndReceived(nowMs: 1) == .deliver)
        #expect(waiting.halfClosedForLong() == .close)
        #expect(waiting.halfClosedForLong() == .keep)
    }

    @Test("a client that takes nothing of its answer is stalled; one that takes a byte is not")
    func stall() {
        var state = Self.state()
        #expect(state.tick(nowMs: 0, unsentBytes: 500) == .none)
        #expect(state.tick(nowMs: 900, unsentBytes: 499) == .none)
        #expect(state.tick(nowMs: 1800, unsentBytes: 499) == .none)
        #expect(state.tick(nowMs: 1900, unsentBytes: 499) == .close)
    }

    @Test("a stop closes who waits, and marks the next answer as the last")
    func quiesce() {
        var waiting = Self.state()
        #expect(waiting.quiesce() == .close)
        var answering = Self.state()
        #expect(answering.requestHeadReceived(Self.framing()) == .deliver)
        #expect(answering.requestEndReceived(nowMs: 0) == .deliver)
        #expect(answering.quiesce() == .keep)
        #expect(answering.responseHeadSent(isDelimited: true).closes)
        #expect(answering.responseEndSent(hasHeldParts: false, nowMs: 0) == .close)
        var sending = Self.state()
        #expect(sending.requestHeadReceived(Self.framing()) == .deliver)
        #expect(sending.requestEndReceived(nowMs: 0) == .deliver)
        #expect(!sending.responseHeadSent(isDelimited: true).closes)
        #expect(sending.quiesce() == .keep)
        #expect(sending.responseEndSent(hasHeldParts: false, nowMs: 0) == .close)
    }
}
