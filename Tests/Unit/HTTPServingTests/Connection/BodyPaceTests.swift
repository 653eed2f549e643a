import Testing

@testable import HTTPServing

struct BodyPaceTests {
    private static var limits: ServingLimits {
        var limits = ServingLimits()
        limits.bodyIdleTimeoutMs = 1000
        limits.bodyBytesPerSecondMin = 100
        return limits
    }

    enum Step: Sendable {
        case awaited(Int)
        case received(Int, at: Int)
    }

    @Test(
        arguments: [
            ([], 100_000, false),
            ([.awaited(0)], 999, false),
            ([.awaited(0)], 1000, true),
            // A second question does not start the wait anew.
            ([.awaited(0), .awaited(900)], 1000, true),
            ([.awaited(0), .received(1, at: 900)], 100_000, false),
            ([.awaited(0), .received(1, at: 900), .awaited(900)], 1009, false),
            // 1 byte buys 10 ms at 100 bytes a second.
            ([.awaited(0), .received(1, at: 900), .awaited(900)], 1010, true),
            ([.awaited(0), .received(1000, at: 900), .awaited(900)], 1899, false),
            ([.awaited(0), .received(1000, at: 900), .awaited(900)], 1900, true),
            // What the server took for itself does not count.
            ([.awaited(0), .received(1, at: 900), .awaited(50_000)], 50_100, false),
            ([.awaited(0), .received(1, at: 900), .awaited(50_000)], 50_110, true),
        ] as [([Step], Int, Bool)]
    )
    func isTooSlow(steps: [Step], nowMs: Int, expected: Bool) {
        var pace = BodyPace()
        for step in steps {
            switch step {
            case .awaited(let at): pace.awaited(nowMs: at)
            case .received(let bytes, let at): pace.received(bytes: bytes, nowMs: at)
            }
        }
        #expect(pace.isTooSlow(nowMs: nowMs, limits: Self.limits) == expected)
    }
}
