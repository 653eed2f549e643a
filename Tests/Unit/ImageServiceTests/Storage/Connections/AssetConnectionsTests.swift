import HTTPServing
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import ImageService

/// Connections to a server on a socket. It answers with the client's port, so that connections can be told apart.
@Suite(.timeLimit(.minutes(5))) struct AssetConnectionsTests {
    /// What a test holds back until it says so.
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func open() { continuation.yield() }
        func passed() async { for await _ in stream { return } }
    }

    private static func routes(_ gate: Gate? = nil, arrived: Gate? = nil) -> RouteTable {
        var routes = RouteTable()
        routes.get("/port") { _, context in Self.answer(context.remoteAddress) }
        routes.get("/closes") { _, context in
            var response = Self.answer(context.remoteAddress)
            response.headers[.connection] = "close"
            return response
        }
        routes.get("/held") { _, context in
            arrived?.open()
            await gate?.passed()
            return Self.answer(context.remoteAddress)
        }
        routes.put("/echo") { request, _ in
            var bytes = 0
            for try await chunk in try BodyReader(request, bytesMax: 1 << 24) { bytes += chunk.readableBytes }
            return Self.answer("\(bytes)")
        }
        return routes
    }

    private static func answer(_ text: String) -> Response {
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func ask(
        _ path: String,
        at url: String,
        of connections: AssetConnections,
        body: [UInt8] = []
    ) async throws -> String {
        let (origin, target) = try #require(PlainOrigin.split(url + path))
        var head = HTTPRequestHead(version: .http1_1, method: body.isEmpty ? .GET : .PUT, uri: target)
        head.headers = ["Host": origin.authority, "Content-Length": "\(body.count)"]
        let exchange = AssetExchange(head: head, body: body, expectation: .init(bytesMax: 1000))
        let answer = try await connections.answer(to: exchange, from: origin)
        #expect(answer.status == 200)
        return String(buffer: answer.body)
    }

    /// One event loop, so that every request wants a connection of the same one.
    private static func connections(
        max: Int = 64,
        waitersMax: Int = 10_000,
        idle: TimeAmount = .seconds(30)
    ) -> AssetConnections {
        let limits = AssetConnections.Limits(connectionsMax: max, waitersMax: waitersMax, idleMax: idle)
        return AssetConnections(group: MultiThreadedEventLoopGroup.singleton.next(), limits: limits)
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await withServer(Self.routes()) { url, _ in
            let connections = Self.connections()
            let first = try await Self.ask("/port", at: url, of: connections)
            for _ in 0..<10 {
                let answer = try await Self.ask("/port", at: url, of: connections)
                #expect(answer == first)
            }
        }
    }

    @Test(arguments: ["/port", "/closes"]) func oneThatIsClosedOrTooOldIsNot(first: String) async throws {
        try await withServer(Self.routes()) { url, _ in
            let connections = Self.connections(idle: first == "/port" ? .nanoseconds(-1) : .seconds(30))
            let closed = try await Self.ask(first, at: url, of: connections)
            let next = try await Self.ask("/port", at: url, of: connections)
            #expect(next != closed)
        }
    }

    @Test(arguments: [1, 65_536, 65_537, 5_000_000]) func aBodyIsSentWhole(count: Int) async throws {
        try await withServer(Self.routes()) { url, _ in
            let body = [UInt8](repeating: 7, count: count)
            let connections = Self.connections()
            for _ in 0..<2 {
                let answer = try await Self.ask("/echo", at: url, of: connections, body: body)
                #expect(answer == "\(count)")
            }
        }
    }

    @Test func whoFindsNoneFreeWaitsForOne() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { url, _ in
            let connections = Self.connections(max: 1)
            async let held = Self.ask("/held", at: url, of: connections)
            await arrived.passed()
            let waiting = Task { try await Self.ask("/port", at: url, of: connections) }
            // It is cancelled while it waits, and leaves nothing behind that the next one could stumble over.
            let impatient = Task { try await Self.ask("/port", at: url, of: connections) }
            impatient.cancel()
            await #expect(throws: CancellationError.self) { try await impatient.value }
            gate.open()
            let first = try await held
            let second = try await waiting.value
            #expect(second == first)
            let next = try await Self.ask("/port", at: url, of: connections)
            #expect(next == first)
        }
    }

    private static func wait(for connections: AssetConnections, toHaveWaiting count: Int) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while connections.waiting != count {
            guard ContinuousClock.now < end else { throw ProgramError("\(connections.waiting) wait, not \(count)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Else they would stay for as long as storage lets no connection be made, with all their bytes.
    @Test func whoGivesUpLeavesTheQueue() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { url, _ in
            let connections = Self.connections(max: 1)
            async let held = Self.ask("/held", at: url, of: connections)
            await arrived.passed()
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<1000 {
                    group.addTask {
                        await #expect(throws: CancellationError.self) {
                            try await Self.ask("/echo", at: url, of: connections, body: [1, 2, 3])
                        }
                    }
                }
                try await Self.wait(for: connections, toHaveWaiting: 1000)
                group.cancelAll()
                try await Self.wait(for: connections, toHaveWaiting: 0)
            }
            gate.open()
            let first = try await held
            let next = try await Self.ask("/port", at: url, of: connections)
            #expect(next == first)
        }
    }

    @Test func moreThanMayWaitAreRefused() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { url, _ in
            let connections = Self.connections(max: 1, waitersMax: 1)
            async let held = Self.ask("/held", at: url, of: connections)
            await arrived.passed()
            async let waiting = Self.ask("/port", at: url, of: connections)
            try await Self.wait(for: connections, toHaveWaiting: 1)
            await #expect(throws: StorageTrouble.overloaded) {
                try await Self.ask("/port", at: url, of: connections)
            }
            gate.open()
            let answers = try await [held, waiting]
            #expect(answers[0] == answers[1])
        }
    }

    /// All that wait are told, one after the other.
    @Test func nobodyThereForMany() async throws {
        let url = try await withServer(Self.routes()) { url, _ in url }
        let connections = Self.connections(max: 1)
        await withDiscardingTaskGroup { group in
            for _ in 0..<2000 {
                group.addTask {
                    await #expect(throws: (any Error).self) { try await Self.ask("/port", at: url, of: connections) }
                }
            }
        }
        #expect(connections.waiting == 0)
    }

    /// Storage is somewhere else now; the connections to where it was take no room from the new one.
    @Test func aServerOfBeforeMakesRoomForAnother() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { before, _ in
            try await withServer(Self.routes()) { now, _ in
                let connections = Self.connections(max: 1)
                let first = try await Self.ask("/port", at: before, of: connections)
                #expect(!first.isEmpty)
                let idle = try await Self.ask("/port", at: now, of: connections)
                #expect(!idle.isEmpty)
                async let held = Self.ask("/held", at: before, of: connections)
                await arrived.passed()
                async let waiting = Self.ask("/port", at: now, of: connections)
                gate.open()
                let answers = try await [held, waiting]
                #expect(answers.allSatisfy { !$0.isEmpty })
            }
        }
    }

    /// Its connection may have been given to somebody else by then.
    @Test func aCancellationAfterTheAnswerClosesNothing() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { url, _ in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let (origin, _) = try #require(PlainOrigin.split(url))
            let connection = try await ClientBootstrap(group: loop)
                .connect(host: origin.host, port: origin.port)
                .flatMapThrowing { channel in
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    let handler = AssetExchangeHandler()
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return AssetConnection(origin: origin, channel: channel, handler: handler)
                }
                .get()
            func use(_ path: String) -> AssetUse {
                let head = HTTPRequestHead(
                    version: .http1_1,
                    method: .GET,
                    uri: path,
                    headers: ["Host": origin.authority]
                )
                let exchange = AssetExchange(head: head, expectation: .init(bytesMax: 1000))
                return AssetUse(exchange, from: origin, on: loop)
            }
            let (first, second) = (use("/port"), use("/held"))
            first.begin(on: connection) { _ in Issue.record("the first is wanted") }
            let port = try await first.answer.body
            second.begin(on: connection) { _ in Issue.record("the second is wanted") }
            await arrived.passed()
            first.cancel()
            gate.open()
            let held = try await second.answer.body
            #expect(held == port)
            // One that was cancelled before it began leaves its connection to the next.
            let third = use("/held")
            third.cancel()
            await withCheckedContinuation { given in third.begin(on: connection) { _ in given.resume() } }
            await #expect(throws: CancellationError.self) { try await third.answer }
            try await connection.channel.close()
        }
    }

    @Test func aCancelledRequestClosesItsConnection() async throws {
        let (gate, arrived) = (Gate(), Gate())
        try await withServer(Self.routes(gate, arrived: arrived)) { url, _ in
            let connections = Self.connections(max: 1)
            let held = Task { try await Self.ask("/held", at: url, of: connections) }
            await arrived.passed()
            held.cancel()
            await #expect(throws: CancellationError.self) { try await held.value }
            gate.open()
            let port = try await Self.ask("/port", at: url, of: connections)
            #expect(!port.isEmpty)
        }
    }

    @Test func nobodyThere() async throws {
        let url = try await withServer(Self.routes()) { url, _ in url }
        await #expect(throws: (any Error).self) { try await Self.ask("/port", at: url, of: Self.connections(max: 1)) }
    }
}
