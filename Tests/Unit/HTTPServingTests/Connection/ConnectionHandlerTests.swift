import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPServing

/// The handler in an embedded channel, on virtual time.
@Suite(.timeLimit(.minutes(5)))
struct ConnectionHandlerTests {
    /// A connection of which the test is both ends: it receives parts and sends parts.
    private struct Pair {
        let channel: EmbeddedChannel
        private let reader = Reader()

        init(_ change: (inout ServingLimits) -> Void = { _ in }) throws {
            var limits = ServingLimits()
            change(&limits)
            channel = EmbeddedChannel()
            try channel.pipeline.syncOperations.addHandlers([
                ConnectionHandler(limits: limits, eventLoop: channel.eventLoop), reader,
            ])
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func receiveHead(_ method: HTTPMethod = .GET, headers: HTTPHeaders = [:]) throws {
            var headers = headers
            headers.add(name: "host", value: "x")
            try channel.writeInbound(
                HTTPServerRequestPart.head(
                    HTTPRequestHead(version: .http1_1, method: method, uri: "/", headers: headers)
                )
            )
        }

        func receiveBody(_ count: Int) throws {
            try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(repeating: 0, count: count)))
        }

        func receiveEnd() throws { try channel.writeInbound(HTTPServerRequestPart.end(nil)) }

        func answer(_ status: HTTPResponseStatus = .ok) throws -> HTTPResponseHead {
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["content-length": "0"])
            try channel.writeOutbound(HTTPServerResponsePart.head(head))
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
            guard case .head(let sent)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
                throw ChannelError.eof
            }
            _ = try channel.readOutbound(as: HTTPServerResponsePart.self)
            return sent
        }

        func pass(ms: Int64) { channel.embeddedEventLoop.advanceTime(by: .milliseconds(ms)) }
        func arrive(_ bytes: Int) {
            channel.pipeline.fireUserInboundEventTriggered(ArrivalHandler.Arrival(bytes: bytes))
        }
        func read() { reader.ask() }
    }

    /// Stands in the place of whoever answers, and reads when the test says so.
    private final class Reader: ChannelDuplexHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundIn = HTTPServerResponsePart
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }
        func read(context: ChannelHandlerContext) {}
        func ask() { context?.read() }
    }

    @Test("an idle connection is closed when its time is over, and not before", arguments: [0, 1, 3])
    func keepAlive(requests: Int) throws {
        let pair = try Pair { $0.keepAliveMs = 1000 }
        for _ in 0..<requests {
            pair.pass(ms: 900)
            try pair.receiveHead()
            try pair.receiveEnd()
            pair.pass(ms: 100_000)  // however long the answer takes
            #expect(try pair.answer().headers["connection"].isEmpty)
        }
        pair.pass(ms: 900)
        #expect(pair.channel.isActive)
        pair.pass(ms: 400)
        #expect(!pair.channel.isActive)
    }

    @Test("a slow header fails, counted from its first byte")
    func headerTimeout() throws {
        let pair = try Pair {
            $0.keepAliveMs = 10_000
            $0.headerTimeoutMs = 1000
        }
        pair.pass(ms: 9000)
        pair.arrive(1)
        pair.pass(ms: 900)
        pair.arrive(1)
        #expect(throws: Never.self) { try pair.channel.throwIfErrorCaught() }
        pair.pass(ms: 400)
        #expect(throws: ConnectionError.headerTimeout) { try pair.channel.throwIfErrorCaught() }
        #expect(try pair.answer(.requestTimeout).headers["connection"] == ["close"])
    }

    @Test("a silent body fails while it is awaited, and only then")
    func bodyTimeout() throws {
        let pair = try Pair { $0.bodyIdleTimeoutMs = 1000 }
        try pair.receiveHead(.POST, headers: ["content-length": "10000"])
        // Nobody asks for the body: the server is busy.
        pair.pass(ms: 60_000)
        pair.read()
        pair.pass(ms: 900)
        try pair.receiveBody(5000)
        pair.read()
        pair.pass(ms: 900)
        #expect(throws: Never.self) { try pair.channel.throwIfErrorCaught() }
        pair.pass(ms: 400)
        #expect(throws: ConnectionError.bodyTimeout) { try pair.channel.throwIfErrorCaught() }
    }

    @Test("a client that was not told to continue is not late")
    func expectation() throws {
        let pair = try Pair { $0.bodyIdleTimeoutMs = 1000 }
        try pair.receiveHead(.POST, headers: ["content-length": "100", "expect": "100-continue"])
        pair.read()
        pair.pass(ms: 60_000)
        #expect(throws: Never.self) { try pair.channel.throwIfErrorCaught() }
        try pair.channel.writeOutbound(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue))
        )
        pair.pass(ms: 1400)
        #expect(throws: ConnectionError.bodyTimeout) { try pair.channel.throwIfErrorCaught() }
    }

    @Test("two requests that come at once are let through one after the other")
    func oneAtATime() throws {
        let pair = try Pair()
        for _ in 0..<2 {
            try pair.receiveHead()
            try pair.receiveEnd()
        }
        func delivered() throws -> Int {
            var count = 0
            while try pair.channel.readInbound(as: HTTPServerRequestPart.self) != nil { count += 1 }
            return count
        }
        #expect(try delivered() == 2)
        _ = try pair.answer()
        #expect(try delivered() == 2)
        _ = try pair.answer()
        #expect(try delivered() == 0)
    }

    @Test("of requests that come at once, no more wait than may; what is past them is answered with an error")
    func pipelinedPastLimit() throws {
        let pair = try Pair { $0.pipelinedPartsMax = 10 }
        func receiveRequest() throws {
            try pair.receiveHead()
            try pair.receiveEnd()
        }
        for _ in 0..<100 { try receiveRequest() }
        var delivered = 0
        func takeDelivered() throws {
            while try pair.channel.readInbound(as: HTTPServerRequestPart.self) != nil { delivered += 1 }
        }
        // The first, and the five whose parts wait.
        for _ in 0..<5 {
            #expect(try pair.answer().headers["connection"].isEmpty)
            // There is room again, and yet nothing that follows a gap may be taken for the next.
            try receiveRequest()
        }
        #expect(try pair.answer().headers["connection"].isEmpty)
        try takeDelivered()
        #expect(delivered == 12)
        #expect(throws: ConnectionError.pipelineTooLong) { try pair.channel.throwIfErrorCaught() }
        #expect(try pair.answer(.badRequest).headers["connection"] == ["close"])
        try receiveRequest()
        try takeDelivered()
        #expect(delivered == 12)
    }

    @Test("as many as may wait are all answered, also when the client has closed its sending side behind them")
    func pipelinedToLimit() throws {
        let pair = try Pair { $0.pipelinedPartsMax = 10 }
        for _ in 0..<6 {
            try pair.receiveHead()
            try pair.receiveEnd()
        }
        pair.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        for _ in 0..<6 {
            #expect(try pair.channel.readInbound(as: HTTPServerRequestPart.self) != nil)
            #expect(try pair.channel.readInbound(as: HTTPServerRequestPart.self) != nil)
            #expect(try pair.answer().status == .ok)
            #expect(throws: Never.self) { try pair.channel.throwIfErrorCaught() }
        }
        #expect(!pair.channel.isActive)
    }
}
