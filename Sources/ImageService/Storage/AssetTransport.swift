import AsyncHTTPClient
import Logging
import MessageHub
import NIOCore
import NIOHTTP1

/// A request to the asset API, before anybody knows which way it goes.
struct AssetRequest: Sendable {
    var method: HTTPMethod
    var url: String
    var headers = HTTPHeaders()
    var body: [UInt8] = []
}

/// Carries requests to the asset API, each once: in the clear over connections of its own, else with a general client.
struct AssetTransport: Sendable {
    private let client: HTTPClient
    private let connections: AssetConnections
    private let alarms: Alarms
    private let logger: Logger

    /// - Parameters:
    ///   - client: for a storage that is not spoken to in the clear.
    ///   - limits: of the connections in the clear.
    init(
        client: HTTPClient,
        limits: AssetConnections.Limits = AssetConnections.Limits(),
        time: TimeSource,
        logger: Logger
    ) {
        self.client = client
        connections = AssetConnections(limits: limits)
        alarms = Alarms(time: time)
        self.logger = logger
    }

    /// Sends a request and reads the answer whole, or gives it up when the time is over.
    func answer(
        to request: AssetRequest,
        _ expected: AssetAnswer.Expectation,
        by deadline: Deadline
    ) async throws(StorageTrouble) -> AssetAnswer {
        do {
            return try await deadline.limiting(alarms) { [self] in
                guard let (origin, target) = PlainOrigin.split(request.url) else {
                    return try await answerOfClient(to: request, expected)
                }
                var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: target)
                head.headers = request.headers
                head.headers.add(name: "Host", value: origin.authority)
                if request.method == .PUT { head.headers.add(name: "Content-Length", value: "\(request.body.count)") }
                let exchange = AssetExchange(head: head, body: request.body, expectation: expected)
                return try await connections.answer(to: exchange, from: origin)
            }
        } catch {
            throw Self.trouble(of: error)
        }
    }

    private func answerOfClient(
        to request: AssetRequest,
        _ expected: AssetAnswer.Expectation
    ) async throws -> AssetAnswer {
        var sent = HTTPClientRequest(url: request.url)
        sent.method = request.method
        sent.headers = request.headers
        if request.method == .PUT {
            let chunks = ByteChunks(request.body, chunkBytes: AssetExchange.chunkBytes)
            sent.body = .stream(chunks, length: .known(Int64(request.body.count)))
        }
        // The client's own deadline ends with the head of the answer, and a body can be slow for ever: so the time is kept
        // from outside, and the client is told never.
        let response = try await client.execute(sent, deadline: .distantFuture, logger: logger)
        var answer = try AssetAnswer(status: Int(response.status.code), headers: response.headers, expected)
        for try await chunk in response.body {
            guard try answer.take(chunk) else { break }
        }
        return answer
    }

    private static func trouble(of error: any Error) -> StorageTrouble {
        if let trouble = error as? StorageTrouble { return trouble }
        if error is CancellationError { return .cancelled }
        if case .connectTimeout? = error as? ChannelError { return .unavailable("no connection in time") }
        switch error as? HTTPClientError {
        case .readTimeout, .writeTimeout: return .timedOut
        case .cancelled: return .cancelled
        case .connectTimeout, .getConnectionFromPoolTimeout: return .unavailable("no connection in time")
        default: return .unavailable("\(error)")
        }
    }
}
