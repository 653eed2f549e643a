import Testing

@testable import MessageHub

@Suite(.timeLimit(.minutes(5))) struct AlarmsTests {
    private let clock = TestClock()

    @Test func `alarms ring at their time, by one sleeper, and not once they are cleared`() async throws {
        let alarms = Alarms(time: TimeSource(clock))
        let rung = Observed<[String]>([])
        func set(_ name: String, _ seconds: Int) -> Alarms.Alarm {
            alarms.set(at: .seconds(seconds)) { rung.update { $0.append(name) } }
        }
        _ = set("b", 2)
        let cleared = set("c", 3)
        _ = set("d", 4)
        _ = set("a", 1)
        alarms.clear(cleared)
        try await clock.sleeping.waitUntil { $0 == [.seconds(1)] }
        try await clock.advance(toSleeperAt: .seconds(1))
        try await rung.waitUntil { $0 == ["a"] }
        try await clock.advance(toSleeperAt: .seconds(2))
        try await rung.waitUntil { $0 == ["a", "b"] }
        try await clock.advance(toSleeperAt: .seconds(4))
        try await rung.waitUntil { $0 == ["a", "b", "d"] }
    }

    @Test func `an alarm after the last one wakes the sleeper again`() async throws {
        let alarms = Alarms(time: TimeSource(clock))
        let rung = Observed(0)
        for number in 1...3 {
            _ = alarms.set(at: .seconds(number)) { rung.update { $0 += 1 } }
            try await clock.advance(toSleeperAt: .seconds(number))
            try await rung.waitUntil { $0 == number }
        }
    }
}
