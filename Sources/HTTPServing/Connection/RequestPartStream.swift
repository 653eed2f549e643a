import NIOCore
import NIOHTTPTypes
import Synchronization

/// The parts that come in on a connection, one reader at a time.
///
/// `@unchecked Sendable`: the iterator is touched only between a won claim and its release, so by one task at a time.
final class RequestPartStream: @unchecked Sendable {
    /// Two tasks read the same body: a programmer's mistake, which must not become a crash of the server.
    struct ConcurrentReadError: Error {}

    private var iterator: NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
    private let isClaimed = Mutex(false)

    init(_ stream: NIOAsyncChannelInboundStream<HTTPRequestPart>) {
        iterator = stream.makeAsyncIterator()
    }

    /// The next part; `nil` when the client has closed the connection or its sending side.
    func next() async throws -> HTTPRequestPart? {
        let claimed = isClaimed.withLock { isClaimed in
            defer { isClaimed = true }
            return !isClaimed
        }
        guard claimed else { throw ConcurrentReadError() }
        defer { isClaimed.withLock { $0 = false } }
        return try await iterator.next()
    }
}
