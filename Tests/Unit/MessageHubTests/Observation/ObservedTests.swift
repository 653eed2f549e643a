import Testing

@testable import MessageHub

@Suite(.timeLimit(.minutes(5)))
struct ObservedTests {
    @Test func `no change is missed by one who waits`() async throws {
        let number = Observed(0)
        async let seen = number.waitUntil { $0 == 50 }
        async let counting: Void = {
            for _ in 0..<100 {
                number.update { $0 += 1 }
                await Task.yield()
            }
        }()
        await counting
        // Either it was there when 50 was, or it still waits: then the value passes 50 once more.
        number.update { $0 = 50 }
        #expect(try await seen == 50)
    }

    @Test func `a cancelled wait throws and is forgotten`() async {
        let number = Observed(0)
        let task = Task { try await number.waitUntil { $0 == 1 } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `followers get the value now and the newest later`() async {
        let number = Observed(1)
        var values = number.values.makeAsyncIterator()
        #expect(await values.next() == 1)
        number.update { $0 = 2 }
        number.update { $0 = 2 }
        number.update { $0 = 3 }
        #expect(await values.next() == 3)
    }
}
