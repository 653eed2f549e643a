import HubProtocol
import ImageService
import MessageHub
import Testing

@Suite struct MemoryBudgetTests {
    static func budget(_ bytesMax: Int, waitMax: Duration = .seconds(3600)) -> MemoryBudget {
        MemoryBudget(bytesMax: bytesMax, waitersMax: 8, waitMax: waitMax, time: .real)
    }

    @Test func givesBackByItself() throws {
        let budget = Self.budget(100)
        do {
            let held = try budget.holdTransfer(60)
            #expect(budget.usedBytes == 60)
            try held.grow(to: 70)
            try held.grow(to: 10)
            #expect(budget.usedBytes == 70)
            #expect(throws: MemoryBudget.Exceeded.self) { try held.grow(to: 101) }
            #expect(budget.usedBytes == 70)
        }
        #expect(budget.usedBytes == 0)
    }

    @Test func muchMemoryGoesBackToTheSystemOnceNobodyHoldsAny() async throws {
        let (calls, tell) = AsyncStream.makeStream(of: Void.self)
        let memoryReturn = MemoryReturn(time: .real) { tell.yield() }
        let budget = MemoryBudget(
            bytesMax: 64 << 20,
            waitersMax: 8,
            waitMax: .seconds(3600),
            time: .real,
            memoryReturn: memoryReturn
        )
        let little = try budget.holdTransfer(100)
        let much = try budget.holdTransfer(32 << 20)
        much.release()
        little.release()
        #expect(await calls.first { _ in true } != nil)
        #expect(budget.usedBytes == 0)
    }

    @Test func givesBackOnce() throws {
        let budget = Self.budget(100)
        let other = try budget.holdTransfer(10)
        let held = try budget.holdTransfer(60)
        held.release()
        held.release()
        #expect(budget.usedBytes == 10)
        other.release()
    }

    @Test func aDecodeWaitsForItsTurn() async throws {
        let budget = Self.budget(100)
        let first = try await budget.holdDecode(80)
        async let second = budget.holdDecode(50)
        async let third = budget.holdDecode(50)
        first.release()
        let both = try await [second, third]
        #expect(budget.usedBytes == 100)
        both.forEach { $0.release() }
        #expect(budget.usedBytes == 0)
    }

    @Test func waitingHasAnEnd() async throws {
        let budget = Self.budget(100, waitMax: .zero)
        let first = try await budget.holdDecode(80)
        await #expect(throws: MemoryBudget.Exceeded.self) { try await budget.holdDecode(50) }
        #expect(budget.usedBytes == 80)
        first.release()
        #expect(budget.usedBytes == 0)
    }

    @Test func whoIsCancelledWaitsNoMore() async throws {
        let budget = Self.budget(100)
        let first = try await budget.holdDecode(80)
        let waiting = Task { try await budget.holdDecode(50) }
        waiting.cancel()
        let outcome = await waiting.result
        #expect(throws: MemoryBudget.Exceeded.self) { try outcome.get() }
        first.release()
        #expect(budget.usedBytes == 0)
    }
}

extension TimeSource {
    /// Real time with a wall clock that stands still: what waits here waits on conditions.
    static var real: TimeSource {
        TimeSource(clock: ContinuousClock(), wallNow: { Timestamp(millisecondsSinceEpoch: 0) })
    }
}
