import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Counts what goes through it. It belongs outside of all other middleware, so that it sees every answer.
public struct HTTPMetricsMiddleware: RouterMiddleware {
    public typealias Context = ServingContext

    /// A body up to this size, in bytes, counts as sent once its answer is ready: it goes out in one piece with the
    /// header, and following it would cost more than it tells.
    static let unfollowedBytesMax = 16 * 1024

    private let metrics: HTTPMetrics
    private let now: @Sendable () -> Duration

    /// - Parameter now: the time since any fixed moment.
    public init(_ metrics: HTTPMetrics, now: @escaping @Sendable () -> Duration) {
        self.metrics = metrics
        self.now = now
    }

    public func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let asked = HTTPMetrics.Asked(request.method, route: context.route)
        let hand = RequestInHand(metrics)
        let start = now()
        var response = try await next(counted(request), context)
        metrics.answered(asked, status: response.status.code, seconds: (now() - start) / .seconds(1))
        let body = response.body
        // A `HEAD` has its body taken away further out.
        if request.method == .head {
            hand.end()
        } else if let length = body.contentLength, length <= Self.unfollowedBytesMax {
            metrics.sent(length)
            hand.end()
        } else {
            response.body = ResponseBody(contentLength: body.contentLength) { [metrics] writer in
                defer { hand.end() }
                try await body.write(CountingWriter(next: writer, metrics: metrics))
            }
        }
        return response
    }

    private func counted(_ request: Request) -> Request {
        guard request.headers[.contentLength] != "0",
            request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil
        else { return request }
        return Request(
            head: request.head,
            body: RequestBody(asyncSequence: CountedBody(body: request.body, metrics: metrics))
        )
    }
}

/// One request that is being answered. It ends when this value goes, at the latest: the answer of a client that is gone
/// is never written.
private final class RequestInHand: Sendable {
    private let metrics: HTTPMetrics
    private let hasEnded = Atomic(false)

    init(_ metrics: HTTPMetrics) {
        self.metrics = metrics
        metrics.began()
    }

    deinit { end() }

    func end() {
        if !hasEnded.exchange(true, ordering: .relaxed) { metrics.ended() }
    }
}

/// Hands on what it is given, and counts it.
private struct CountingWriter: ResponseBodyWriter {
    var next: any ResponseBodyWriter
    let metrics: HTTPMetrics

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await next.write(buffer)
        metrics.sent(buffer.readableBytes)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await next.finish(trailingHeaders) }
}

/// A request's body whose bytes are counted as they are read.
private struct CountedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let metrics: HTTPMetrics

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(next: body.makeAsyncIterator(), metrics: metrics) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var next: RequestBody.AsyncIterator
        fileprivate let metrics: HTTPMetrics

        mutating func next() async throws -> ByteBuffer? {
            let bytes = try await next.next()
            if let bytes { metrics.received(bytes.readableBytes) }
            return bytes
        }
    }
}
