import NIOCore
import NIOPosix
import Testing

@testable import HTTPServing

@Suite(.timeLimit(.minutes(5))) struct EventLoopExecutorTests {
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    @Test func `a task and its children run on the event loop, also after they waited`() async throws {
        let eventLoop = eventLoop
        try await withTaskExecutorPreference(EventLoopExecutor(eventLoop)) {
            #expect(eventLoop.inEventLoop)
            try await Task.sleep(for: .milliseconds(1))
            #expect(eventLoop.inEventLoop)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        await Task.yield()
                        return eventLoop.inEventLoop
                    }
                }
                for await isOnLoop in group { #expect(isOnLoop) }
            }
        }
    }

    @Test func `tasks that never end do not keep the event loop from its timers`() async throws {
        let eventLoop = eventLoop
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: EventLoopExecutor(eventLoop)) {
                while !Task.isCancelled { await Task.yield() }
            }
            let timer = eventLoop.scheduleTask(in: .milliseconds(10)) {}
            try await timer.futureResult.get()
            group.cancelAll()
        }
    }

    @Test func `what other threads wake goes on on the event loop`() async {
        let eventLoop = eventLoop
        let executor = EventLoopExecutor(eventLoop)
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor) {
                var expected = 0
                for await number in stream {
                    #expect(eventLoop.inEventLoop)
                    #expect(number == expected)
                    expected += 1
                }
                #expect(expected == 1000)
            }
            for number in 0..<1000 { continuation.yield(number) }
            continuation.finish()
        }
    }
}
