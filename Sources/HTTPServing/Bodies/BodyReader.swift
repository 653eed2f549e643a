import HTTPTypes
import Hummingbird
import NIOCore

/// The body of a request, with a limit that holds.
///
/// Nothing is read before the first chunk is asked for; only then does a client that waits for it
/// (`Expect: 100-continue`) get its `100 Continue`.
///
///     let body = try BodyReader(request, bytesMax: limits.uploadBytesMax)   // throws 413 where Content-Length tells
///     for try await chunk in body { try parser.receive(chunk) }            // throws 413 where it turns out
public struct BodyReader: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    private let body: RequestBody
    /// The most bytes that the body may have.
    public let bytesMax: Int
    /// What `Content-Length` says; `nil` for a chunked body. A number that no `Int` holds, which the parser lets through
    /// up to 64 bits, counts as the largest.
    public let contentLength: Int?

    /// Takes the request's body.
    ///
    /// Throws 413 `FILE_TOO_LARGE` where `Content-Length` is over `bytesMax`, before anything is read.
    public init(_ request: Request, bytesMax: Int) throws(APIError) {
        body = request.body
        self.bytesMax = bytesMax
        contentLength = request.headers[.contentLength].map { Int($0) ?? Int.max }
        if let contentLength, contentLength > bytesMax { throw .fileTooLarge(bytesMax: bytesMax) }
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(chunks: body.makeAsyncIterator(), bytesLeft: bytesMax, bytesMax: bytesMax)
    }

    /// Counts what it hands out.
    public struct Iterator: AsyncIteratorProtocol {
        private var chunks: RequestBody.AsyncIterator
        private var bytesLeft: Int
        private let bytesMax: Int

        fileprivate init(chunks: RequestBody.AsyncIterator, bytesLeft: Int, bytesMax: Int) {
            self.chunks = chunks
            self.bytesLeft = bytesLeft
            self.bytesMax = bytesMax
        }

        /// The next bytes; `nil` at the end of the body.
        ///
        /// Throws 413 past the limit, 400 where the chunked coding is broken, 408 where the client is too slow, and
        /// 499 where the client is gone.
        public mutating func next() async throws -> ByteBuffer? {
            guard let chunk = try await chunks.next() else { return nil }
            bytesLeft -= chunk.readableBytes
            guard bytesLeft >= 0 else { throw APIError.fileTooLarge(bytesMax: bytesMax) }
            return chunk
        }
    }

    /// The whole body in one buffer. Throws as ``Iterator/next()`` does.
    public func collect() async throws -> ByteBuffer {
        var whole = ByteBuffer()
        if let contentLength { whole.reserveCapacity(contentLength) }
        for try await var chunk in self { whole.writeBuffer(&chunk) }
        return whole
    }
}
