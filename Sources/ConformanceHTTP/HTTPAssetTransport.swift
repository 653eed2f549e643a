import AsyncHTTPClient
import ConformanceChecks
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The asset API over AsyncHTTPClient. Redirects are not followed: a token must not travel.
public struct HTTPAssetTransport: AssetTransport {
    private let client: HTTPClient

    /// - Parameter client: without redirects and without retries of its own.
    public init(client: HTTPClient) { self.client = client }

    /// A client as this transport needs it.
    public static func configuration() -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    public func send(
        _ request: AssetRequest,
        to url: String,
        token: String?,
        timeoutMs: Int,
        bytesMax: Int
    ) async throws(AssetTrouble) -> AssetAnswer {
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
        if let token { outgoing.headers.replaceOrAdd(name: "authorization", value: "Bearer \(token)") }
        if let body = request.body {
            // A check may promise more than it sends, or nothing.
            let promised = request.headers["content-length"].flatMap { Int64($0) }
            let isChunked = request.headers["transfer-encoding"] == "chunked"
            let length: HTTPClientRequest.Body.Length = isChunked ? .unknown : .known(promised ?? Int64(body.count))
            for name in ["content-length", "transfer-encoding"] { outgoing.headers.remove(name: name) }
            if let limit = request.breakOffAfter {
                outgoing.body = .stream(BrokenBody(bytes: Array(body.prefix(limit))), length: length)
            } else if isChunked || promised != nil {
                outgoing.body = .stream(SlowBody(bytes: body, neverEnds: promised != nil), length: length)
            } else {
                outgoing.body = .bytes(ByteBuffer(bytes: body))
            }
        }
        do {
            let response = try await answer(to: outgoing, timeoutMs: timeoutMs)
            let body = try await response.body.collect(upTo: bytesMax)
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            return AssetAnswer(
                status: Int(response.status.code),
                headers: headers,
                body: Array(body.readableBytesView)
            )
        } catch {
            throw AssetTrouble("\(error)", isUnreachable: Self.isUnreachable(error))
        }
    }

    /// Sends a request. A connection that was kept open may be closed just as the next request goes out on it, as where
    /// the service restarts: what only reads is then sent once more (RFC 9112 §9.3.1, §9.5).
    private func answer(to request: HTTPClientRequest, timeoutMs: Int) async throws -> HTTPClientResponse {
        let timeout = TimeAmount.milliseconds(Int64(timeoutMs))
        do {
            return try await client.execute(request, timeout: timeout)
        } catch {
            let onlyReads = request.body == nil && [.GET, .HEAD].contains(request.method)
            guard onlyReads, Self.isClosed(error) else { throw error }
            return try await client.execute(request, timeout: timeout)
        }
    }

    /// Whether a connection was closed before anything was answered on it.
    private static func isClosed(_ error: any Error) -> Bool {
        if let code = (error as? IOError)?.errnoCode { return code == ECONNRESET || code == EPIPE }
        return (error as? HTTPClientError) == .remoteConnectionClosed
    }

    /// Whether there was no connection at all.
    private static func isUnreachable(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return true }
        if (error as? IOError)?.errnoCode == ECONNREFUSED { return true }
        return (error as? HTTPClientError) == .connectTimeout
    }
}

/// A body in pieces, as a client sends it that reads a file; a chunk each where its length is not told. After them nothing
/// more comes, and not the end either where it never ends.
private struct SlowBody: AsyncSequence, Sendable {
    /// Bytes of a piece at most.
    static let pieceBytesMax = 16384

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let neverEnds: Bool

        mutating func next() async throws -> ByteBuffer? {
            if !rest.isEmpty {
                defer { rest = rest.dropFirst(SlowBody.pieceBytesMax) }
                return ByteBuffer(bytes: rest.prefix(SlowBody.pieceBytesMax))
            }
            guard neverEnds else { return nil }
            // Until the request is over, and this with it.
            try await Task.sleep(for: .seconds(3600))
            return nil
        }
    }

    let bytes: [UInt8]
    let neverEnds: Bool

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], neverEnds: neverEnds) }
}

/// A body that ends before the length that was promised: the client closes the connection then.
private struct BrokenBody: AsyncSequence, Sendable {
    struct Broken: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?

        mutating func next() async throws -> ByteBuffer? {
            guard let bytes else {
                // What was handed over is to leave this process before the connection is closed.
                try await Task.sleep(for: .milliseconds(50))
                throw Broken()
            }
            self.bytes = nil
            return ByteBuffer(bytes: bytes)
        }
    }

    let bytes: [UInt8]

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes) }
}
