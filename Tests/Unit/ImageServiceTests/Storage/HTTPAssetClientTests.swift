import AsyncHTTPClient
import Crypto
import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import ImageService
import MessageHub
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

/// The client against a server on a socket that answers what each test says.
@Suite struct HTTPAssetClientTests {
    static let bytes = Array("the bytes of an image".utf8)
    static let sha256 = AssetName.from(digest: SHA256.hash(data: bytes))
    static let image = UploadedImage(
        bytes: bytes,
        sha256: sha256,
        format: "png",
        mediaType: "image/png",
        width: 1,
        height: 1
    )
    static let stored = #"{"url":"/api/v2/assets/\#(sha256)","sha256":"\#(sha256)","size":\#(bytes.count)}"#

    static func server(_ url: String?) -> AssetServer { AssetServer(baseURL: { url }, token: "sesame") }

    static func assets(
        _ client: HTTPClient,
        _ url: String?,
        attemptsMax: Int = 3,
        isStorageAway: Bool = false
    ) -> HTTPAssetClient {
        HTTPAssetClient(
            server: server(url),
            client: client,
            isStorageAway: { isStorageAway },
            retry: RetryPolicy(attemptsMax: attemptsMax, firstPause: .milliseconds(1)),
            time: .real,
            logger: .silent
        )
    }

    static func call(_ timeout: Duration = .seconds(20)) -> StorageCall {
        StorageCall(
            operationID: "op-1",
            deadline: Deadline(after: timeout, of: .real),
            trace: TraceContext(traceparent: TraceParentTests.good, tracestate: "a=1")
        )
    }

    /// Further attempts are for a storage that is about to come back.
    @Test(arguments: [(false, 3), (true, 1)])
    func aStorageThatIsKnownToBeAwayIsAskedOnce(isAway: Bool, attempts: Int) async throws {
        let (routes, count) = Self.routes { _, _ in Self.answer(503, "") }
        try await withServer(routes) { url, client in
            let trouble = await #expect(throws: StorageTrouble.self) {
                try await Self.assets(client, url, isStorageAway: isAway).put(Self.image, for: Self.call())
            }
            guard case .unavailable = trouble else {
                Issue.record("\(String(describing: trouble))")
                return
            }
        }
        #expect(count() == attempts)
    }

    /// A route for every method of an asset; the handler is told which attempt it is.
    static func routes(
        _ handler: @Sendable @escaping (Request, Int) async throws -> Response
    ) -> (RouteTable, @Sendable () -> Int) {
        let counter = Counter()
        var routes = RouteTable()
        for method in [HTTPRequest.Method.put, .get, .head, .delete] {
            routes.on(method, "/api/v2/assets/{sha256}") { request, _ in try await handler(request, counter.next()) }
        }
        return (routes, { counter.value })
    }

    @Test(arguments: [(201, true), (200, false)])
    func putsTheBytesUnderTheirName(status: Int, isNew: Bool) async throws {
        let (routes, _) = Self.routes { request, _ in
            let body = try await request.body.collect(upTo: 1024)
            let isRight =
                request.uri.path == "/api/v2/assets/\(Self.sha256)" && body == ByteBuffer(bytes: Self.bytes)
                && request.headers[.contentType] == "image/png"
                && request.headers[.contentLength] == "\(Self.bytes.count)"
                && request.headers[.authorization] == "Bearer sesame"
                && request.headers[HTTPField.Name("X-Operation-ID")!] == "op-1"
                && request.headers[.traceparent] == TraceParentTests.good && request.headers[.tracestate] == "a=1"
            return Self.answer(isRight ? status : 418, Self.stored)
        }
        let asset = try await withServer(routes) { url, client in
            try await Self.assets(client, url).put(Self.image, for: Self.call())
        }
        #expect(asset == StoredAsset(url: "/api/v2/assets/\(Self.sha256)", isNew: isNew))
    }

    @Test func getsTheBytes() async throws {
        let (routes, _) = Self.routes { _, _ in Self.answer(200, String(decoding: Self.bytes, as: UTF8.self)) }
        let bytes = try await withServer(routes) { url, client in
            try await Self.assets(client, url).get(Self.image.content(at: "/x"), for: Self.call())
        }
        #expect(bytes == ByteBuffer(bytes: Self.bytes))
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: @Sendable () -> Response
        var trouble: @Sendable (StorageTrouble) -> Bool
        var attempts = 3
    }

    static let bad: [Bad] = [
        Bad(testDescription: "too short", answer: { answer(200, "the bytes") }, trouble: isInvalid),
        Bad(
            testDescription: "other bytes",
            answer: { answer(200, "THE BYTES OF AN IMAGE") },
            trouble: isInvalid
        ),
        Bad(
            testDescription: "without end",
            answer: {
                Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        while true { try await writer.write(ByteBuffer(repeating: 0, count: 65_536)) }
                    }
                )
            },
            trouble: isInvalid
        ),
        Bad(
            testDescription: "cut off",
            answer: {
                var response = answer(200, "the bytes")
                response.headers[.contentLength] = "21"
                response.body = ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "the bytes"))
                    throw CancellationError()
                }
                return response
            },
            trouble: isUnavailable
        ),
        Bad(testDescription: "busy", answer: { answer(503, "") }, trouble: isUnavailable),
        Bad(
            testDescription: "gone",
            answer: { answer(404, AssetReplyTests.error("ASSET_NOT_FOUND")) },
            trouble: { $0.knownCode == .assetNotFound },
            attempts: 1
        ),
        Bad(
            testDescription: "moved",
            answer: { Response(status: .found, headers: [.location: "/health"]) },
            trouble: isInvalid
        ),
    ]

    @Test(arguments: bad)
    func badAnswersAreTried(_ bad: Bad) async throws {
        let (routes, attempts) = Self.routes { _, _ in bad.answer() }
        let trouble = try await withServer(routes) { url, client in
            await #expect(throws: StorageTrouble.self) {
                try await Self.assets(client, url).get(Self.image.content(at: "/x"), for: Self.call())
            }
        }
        #expect(trouble.map(bad.trouble) == true, "\(String(describing: trouble))")
        #expect(attempts() == bad.attempts)
    }

    /// Storage answers a range: rightly, with the whole, with another range, with too many or too few bytes.
    static let ranges: [(status: Int, contentRange: String?, body: String, isGood: Bool)] = [
        (206, "bytes 4-8/21", "bytes", true), (200, nil, "the bytes of an image", true),
        (206, "bytes 0-4/21", "the b", false), (206, nil, "bytes", false), (206, "bytes 4-8/99", "bytes", false),
        (206, "bytes 4-8/21", "bytes of", false), (206, "bytes 4-8/21", "byte", false), (200, nil, "the", false),
        (416, "bytes */3", "", false),
    ]

    @Test(arguments: ranges)
    func getsAPart(_ status: Int, _ contentRange: String?, _ body: String, _ isGood: Bool) async throws {
        let (routes, _) = Self.routes { request, _ in
            guard request.headers[.range] == "bytes=4-8" else { return Self.answer(418, "") }
            var answer = Self.answer(status, body)
            answer.headers[.contentRange] = contentRange
            return answer
        }
        try await withServer(routes) { url, client in
            let assets = Self.assets(client, url)
            let content = Self.image.content(at: "/x")
            if isGood {
                let part = try await assets.get(4..<9, of: content, for: Self.call())
                #expect(part == ByteBuffer(string: "bytes"))
            } else {
                await #expect(throws: StorageTrouble.self) {
                    try await assets.get(4..<9, of: content, for: Self.call())
                }
            }
        }
    }

    /// Of a server that knows no ranges, what is behind the part is not waited for.
    @Test func aPartOfAWholeThatNeverEnds() async throws {
        let (routes, _) = Self.routes { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    while true { try await writer.write(ByteBuffer(repeating: 7, count: 1000)) }
                }
            )
        }
        var content = Self.image.content(at: "/x")
        content.size = 1_000_000
        let part = try await withServer(routes) { [content] url, client in
            try await Self.assets(client, url).get(1500..<4000, of: content, for: Self.call())
        }
        #expect(part == ByteBuffer(repeating: 7, count: 2500))
    }

    @Test(arguments: [(200, 21, true), (200, 20, false), (404, 0, false), (503, 0, false)])
    func looksForAnAsset(_ status: Int, _ length: Int, _ isThere: Bool) async throws {
        let (routes, _) = Self.routes { request, _ in
            Self.answer(request.method == .head ? status : 418, String(repeating: "x", count: length))
        }
        try await withServer(routes) { url, client in
            let assets = Self.assets(client, url)
            if isThere {
                try await assets.head(Self.image.content(at: "/x"), for: Self.call())
            } else {
                await #expect(throws: StorageTrouble.self) {
                    try await assets.head(Self.image.content(at: "/x"), for: Self.call())
                }
            }
        }
    }

    @Test func whatPassesIsTriedAgain() async throws {
        let (routes, attempts) = Self.routes { request, attempt in
            _ = try await request.body.collect(upTo: 1024)
            return attempt < 3 ? Self.answer(500, "") : Self.answer(201, Self.stored)
        }
        let asset = try await withServer(routes) { url, client in
            try await Self.assets(client, url).put(Self.image, for: Self.call())
        }
        #expect(asset.isNew)
        #expect(attempts() == 3)
    }

    @Test func aSlowServerRunsIntoTheDeadline() async throws {
        let (routes, _) = Self.routes { _, _ in
            try await gracefulShutdown()
            return Self.answer(200, "")
        }
        try await withServer(routes) { url, client in
            await #expect(throws: StorageTrouble.timedOut) {
                try await Self.assets(client, url)
                    .get(Self.image.content(at: "/x"), for: Self.call(.milliseconds(100)))
            }
        }
    }

    @Test func aBodyThatDribblesRunsIntoTheDeadline() async throws {
        let (routes, _) = Self.routes { _, _ in
            Response(
                status: .ok,
                headers: [.contentLength: "21"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "t"))
                    try await gracefulShutdown()
                    try await writer.finish(nil)
                }
            )
        }
        try await withServer(routes) { url, client in
            await #expect(throws: StorageTrouble.timedOut) {
                try await Self.assets(client, url)
                    .get(Self.image.content(at: "/x"), for: Self.call(.milliseconds(100)))
            }
        }
    }

    @Test func nobodyThereIsUnavailable() async throws {
        try await withServer(RouteTable()) { _, client in
            for url in [nil, "http://127.0.0.1:1"] {
                let trouble = await #expect(throws: StorageTrouble.self) {
                    try await Self.assets(client, url).put(Self.image, for: Self.call())
                }
                #expect(trouble.map(Self.isUnavailable) == true, "\(String(describing: trouble))")
            }
        }
    }

    @Test(arguments: [(204, true), (200, true), (404, true), (409, true), (500, false), (401, false)])
    func deletes(status: Int, isFine: Bool) async throws {
        let (routes, _) = Self.routes { _, _ in Self.answer(status, "") }
        let isDone = try await withServer(routes) { url, client in
            do {
                try await Self.assets(client, url).delete(Self.sha256, for: Self.call())
                return true
            } catch {
                return false
            }
        }
        #expect(isDone == isFine)
    }

    static func answer(_ status: Int, _ body: String) -> Response {
        Response(status: .init(code: status), body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }

    @Sendable static func isInvalid(_ trouble: StorageTrouble) -> Bool {
        if case .invalidResponse = trouble { true } else { false }
    }

    @Sendable static func isUnavailable(_ trouble: StorageTrouble) -> Bool {
        if case .unavailable = trouble { true } else { false }
    }
}

/// Counts from 1.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock {
            $0 += 1; return $0
        }
    }
}
