import AsyncHTTPClient
import Crypto
import HubProtocol
import Logging
import MessageHub
import NIOCore
import NIOHTTP1

/// The asset API over HTTP.
///
/// Attempts are repeated within the call's deadline where the failure may pass. Redirects are not followed (the client
/// is set up so): storage is one server, and a token must not travel.
package struct HTTPAssetClient: AssetClient {
    /// The bounds on what storage may answer.
    package enum Limits {
        /// Bytes of a JSON answer. Longer: `invalidResponse`.
        package static let replyBytesMax = 64 * 1024
    }

    private let server: AssetServer
    private let transport: AssetTransport
    private let isStorageAway: @Sendable () async -> Bool
    private let retry: RetryPolicy
    private let metrics: ServiceMetrics
    private let time: TimeSource
    private let logger: Logger

    /// - Parameters:
    ///   - client: without redirects, and without retries of its own, which would not know the deadline.
    ///   - isStorageAway: whether it is known otherwise that storage is not there. Then one attempt is enough to say that it
    ///     is unavailable; further ones are for a storage that is started again.
    package init(
        server: AssetServer,
        client: HTTPClient,
        isStorageAway: @escaping @Sendable () async -> Bool = { false },
        retry: RetryPolicy = RetryPolicy(attemptsMax: 5, firstPause: .milliseconds(100)),
        metrics: ServiceMetrics = ServiceMetrics(),
        time: TimeSource,
        logger: Logger
    ) {
        self.server = server
        transport = AssetTransport(client: client, time: time, logger: logger)
        self.isStorageAway = isStorageAway
        self.retry = retry
        self.metrics = metrics
        self.time = time
        self.logger = logger
    }

    package func put(_ image: UploadedImage, for call: StorageCall) async throws(StorageTrouble) -> StoredAsset {
        try await repeating(call, "PUT") { () async throws(Failure) in
            var request = try request(.PUT, path: AssetName.path(of: image.sha256), for: call)
            request.headers.add(name: "Content-Type", value: image.mediaType)
            request.body = image.bytes
            let (status, body) = try await answer(to: request, bytesMax: Limits.replyBytesMax, for: call)
            guard status == 200 || status == 201 else { throw Failure(status: status, body: body) }
            do throws(StorageTrouble) {
                let bytes = Array(body.readableBytesView)
                return try AssetReply.stored(status: status, body: bytes, sha256: image.sha256, size: image.bytes.count)
            } catch {
                throw Failure(error, status: status)
            }
        }
    }

    package func get(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) -> ByteBuffer {
        try await repeating(call, "GET") { () async throws(Failure) in
            let request = try request(.GET, content, for: call)
            // No more is read than the record promises, or than an error answer may need.
            let bytesMax = max(content.size, Limits.replyBytesMax)
            let (status, body) = try await answer(to: request, bytesMax: bytesMax, for: call)
            guard status == 200 else { throw Failure(status: status, body: body) }
            guard body.readableBytes == content.size else {
                throw Failure(
                    .invalidResponse("\(body.readableBytes) bytes instead of \(content.size)"),
                    status: status
                )
            }
            if let sha256 = content.sha256, await Self.name(of: body) != sha256 {
                throw Failure(.invalidResponse("the bytes have another digest"), status: status)
            }
            return body
        }
    }

    package func get(
        _ range: Range<Int>,
        of content: ImageContent,
        for call: StorageCall
    ) async throws(StorageTrouble) -> ByteBuffer {
        guard !range.isEmpty else { return ByteBuffer() }
        return try await repeating(call, "GET") { () async throws(Failure) in
            var request = try request(.GET, content, for: call)
            request.headers.add(name: "Range", value: "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
            let (status, body) = try await answer(
                to: request,
                bytesMax: max(range.count, Limits.replyBytesMax),
                part: AssetPart(range: range, of: content.size),
                for: call
            )
            guard status == 200 || status == 206 else { throw Failure(status: status, body: body) }
            guard body.readableBytes == range.count else {
                throw Failure(.invalidResponse("\(body.readableBytes) bytes instead of \(range.count)"), status: status)
            }
            return body
        }
    }

    package func head(_ content: ImageContent, for call: StorageCall) async throws(StorageTrouble) {
        try await repeating(call, "HEAD") { () async throws(Failure) in
            let request = try request(.HEAD, content, for: call)
            let (status, body) = try await answer(
                to: request,
                bytesMax: Limits.replyBytesMax,
                lengthWanted: content.size,
                for: call
            )
            guard status == 200 else { throw Failure(status: status, body: body) }
        }
    }

    package func delete(_ sha256: String, for call: StorageCall) async throws(StorageTrouble) {
        do throws(Failure) {
            let request = try request(.DELETE, path: AssetName.path(of: sha256), for: call)
            let (status, body) = try await answer(to: request, bytesMax: Limits.replyBytesMax, for: call)
            // Gone already, or in use by now through somebody else's upload: both are as it should be.
            guard [200, 204, 404, 409].contains(status) else { throw Failure(status: status, body: body) }
        } catch {
            throw error.trouble
        }
    }
}

// One attempt, and more.
extension HTTPAssetClient {
    /// How an attempt ended.
    private struct Failure: Error {
        var trouble: StorageTrouble
        /// Whether another attempt makes sense.
        var isPassing: Bool

        init(_ trouble: StorageTrouble, status: Int? = nil, isFinal: Bool = false) {
            self.trouble = trouble
            isPassing = !isFinal && AssetReply.isPassing(trouble, status: status)
        }

        init(status: Int, body: ByteBuffer) {
            self.init(AssetReply.trouble(status: status, body: Array(body.readableBytesView)), status: status)
        }
    }

    private func repeating<Value>(
        _ call: StorageCall,
        _ method: String,
        _ attempt: () async throws(Failure) -> Value
    ) async throws(StorageTrouble) -> Value {
        var number = 1
        while true {
            let start = time.now()
            do throws(Failure) {
                let value = try await attempt()
                metrics.assetRequestEnded(method, .success, after: time.now() - start)
                return value
            } catch {
                metrics.assetRequestEnded(method, ServiceMetrics.Outcome(error.trouble), after: time.now() - start)
                let remaining = call.deadline.remaining(time)
                guard error.isPassing,
                    let pause = retry.pause(after: number, remaining: remaining, chance: .random(in: 0..<1))
                else { throw error.trouble }
                if case .unavailable = error.trouble, await isStorageAway() { throw error.trouble }
                metrics.assetRequestRepeated(method)
                logger.notice(
                    "asset request is repeated",
                    metadata: [
                        "operation_id": "\(call.operationID)", "method": "\(method)",
                        "attempt": .stringConvertible(number),
                        "why": "\(error.trouble)",
                    ]
                )
                do {
                    try await time.sleep(for: pause)
                } catch {
                    throw .cancelled
                }
                number += 1
            }
        }
    }

    /// An original may be long, and the event loop has others to serve: so it is digested elsewhere.
    private static func name(of body: ByteBuffer) async -> String {
        await withTaskExecutorPreference(globalConcurrentExecutor) {
            AssetName.from(digest: SHA256.hash(data: body.readableBytesView))
        }
    }

    private func request(
        _ method: HTTPMethod,
        _ content: ImageContent,
        for call: StorageCall
    ) throws(Failure) -> AssetRequest {
        do throws(StorageTrouble) {
            return try server.request(method, content, for: call)
        } catch {
            // Where storage is may be known a moment later; a URL that leads away from it will always do.
            if case .unavailable = error { throw Failure(error) }
            throw Failure(error, isFinal: true)
        }
    }

    private func request(_ method: HTTPMethod, path: String, for call: StorageCall) throws(Failure) -> AssetRequest {
        do throws(StorageTrouble) {
            return try server.request(method, path: path, for: call)
        } catch {
            throw Failure(error)
        }
    }

    /// Sends a request and reads the answer whole; the parameters are those of `AssetAnswer.Expectation`.
    private func answer(
        to request: AssetRequest,
        bytesMax: Int,
        part: AssetPart? = nil,
        lengthWanted: Int? = nil,
        for call: StorageCall
    ) async throws(Failure) -> (status: Int, body: ByteBuffer) {
        let expected = AssetAnswer.Expectation(bytesMax: bytesMax, part: part, lengthWanted: lengthWanted)
        do throws(StorageTrouble) {
            let answer = try await transport.answer(to: request, expected, by: call.deadline)
            return (answer.status, answer.body)
        } catch {
            throw Failure(error)
        }
    }
}
