import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// The body of one request, as the connection brings it.
///
/// The first read asks a client that waits for it to go on (`100 Continue`, RFC 9110 §10.1.1), so a body that is
/// refused is never sent.
final class RequestBodyStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private enum Progress {
        /// Nobody asked for the body yet.
        case unread(needsContinue: Bool)
        case reading
        case ended
    }

    private let parts: RequestPartStream
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
    private let progress: Mutex<Progress>

    init(
        parts: RequestPartStream,
        outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        expectsContinue: Bool
    ) {
        self.parts = parts
        self.outbound = outbound
        progress = Mutex(.unread(needsContinue: expectsContinue))
    }

    /// The next bytes of the body; `nil` at its end.
    ///
    /// Throws what the parser found wrong, ``ConnectionError`` where the client is too slow or gone. A connection
    /// that closes cancels whoever works for it, so a task that is cancelled here has no client any more.
    func next() async throws -> ByteBuffer? {
        let (hasEnded, needsContinue) = progress.withLock { progress -> (Bool, Bool) in
            switch progress {
            case .unread(let needsContinue):
                progress = .reading
                return (false, needsContinue)
            case .reading: return (false, false)
            case .ended: return (true, false)
            }
        }
        if hasEnded { return nil }
        do {
            if needsContinue { try await outbound.write(.head(HTTPResponse(status: .continue))) }
            return try await nextBytes()
        } catch {
            throw Self.tellsOfLeaving(error) ? ConnectionError.clientGone : error
        }
    }

    /// A reset is an error of the socket's; once the channel has closed, writing is one of the channel's.
    private static func tellsOfLeaving(_ error: any Error) -> Bool {
        error is IOError || error is ChannelError || error is CancellationError
    }

    private func nextBytes() async throws -> ByteBuffer? {
        switch try await parts.next() {
        case .body(let bytes): return bytes
        case .end:
            progress.withLock { $0 = .ended }
            return nil
        case .head: preconditionFailure("Cannot receive a request before the end of the one before")
        case nil: throw ConnectionError.clientGone
        }
    }

    /// Throws away what nobody read, so that the next request can be read. ``ConnectionHandler`` bounds how much that is.
    ///
    /// Returns whether there can be a next request.
    func drain() async -> Bool {
        while true {
            if progress.withLock({ if case .ended = $0 { true } else { false } }) { return true }
            do {
                // Not `next()`: nobody wants this body, so nobody is to be told to send it.
                switch try await parts.next() {
                case .body: continue
                case .end: progress.withLock { $0 = .ended }
                case .head: preconditionFailure("Cannot receive a request before the end of the one before")
                case nil: return false
                }
            } catch {
                // Whoever read the body was told; what matters here is that no request follows.
                return false
            }
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: RequestBodyStream
        func next() async throws -> ByteBuffer? { try await body.next() }
    }
}
