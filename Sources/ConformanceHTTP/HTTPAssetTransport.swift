import AsyncHTTPClient
import ConformanceChecks
import NIOCore
import NIOHTTP1

/// The asset API over AsyncHTTPClient. Redirects are not followed: a token must not travel.
public struct HTTPAssetTransport: AssetTransport {
    private let client: HTTPClient

    /// - Parameter client: without redirects and without retries of its own.
    public init(client: HTTPClient) { self.client = client }

    /// A client as this transport needs it.
    public static func configuration() -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.retryConnectionEstablishment = false
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
            let length = HTTPClientRequest.Body.Length.known(Int64(body.count))
            if let limit = request.breakOffAfter {
                outgoing.body = .stream(BrokenBody(bytes: Array(body.prefix(limit))), length: length)
            } else {
                outgoing.body = .bytes(ByteBuffer(bytes: body))
            }
        }
        do {
            let response = try await client.execute(outgoing, timeout: .milliseconds(Int64(timeoutMs)))
            let body = try await response.body.collect(upTo: bytesMax)
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            return AssetAnswer(
                status: Int(response.status.code),
                headers: headers,
                body: Array(body.readableBytesView)
            )
        } catch {
            throw AssetTrouble("\(error)")
        }
    }
}

/// A body that ends before the length that was promised: the client closes the connection then.
private struct BrokenBody: AsyncSequence, Sendable {
    struct Broken: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?

        mutating func next() async throws -> ByteBuffer? {
            guard let bytes else { throw Broken() }
            self.bytes = nil
            return ByteBuffer(bytes: bytes)
        }
    }

    let bytes: [UInt8]

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes) }
}
