import AsyncHTTPClient
import Crypto
import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import ImageService

/// What is asked of an asset server to know how it is, and what is made of the answer.
@Suite(.timeLimit(.minutes(5)))
struct HTTPAssetProberTests {
    private static func prober(_ client: HTTPClient, _ url: String?) -> HTTPAssetProber {
        HTTPAssetProber(server: HTTPAssetClientTests.server(url), client: client, time: .real, logger: .silent)
    }

    private static func trouble(
        _ access: AssetAccess,
        at url: String?,
        _ client: HTTPClient,
        within timeout: Duration = .seconds(60)
    ) async -> StorageTrouble? {
        do throws(StorageTrouble) {
            try await prober(client, url).probe(access, for: HTTPAssetClientTests.call(timeout))
            return nil
        } catch {
            return error
        }
    }

    struct Row: Sendable {
        var status: Int
        var body = ""
        var isWell: Bool
    }

    @Test(
        arguments: AssetAccess.allCases,
        [
            Row(status: 400, body: AssetReplyTests.error("DIGEST_MISMATCH"), isWell: true),
            Row(status: 404, body: AssetReplyTests.error("ASSET_NOT_FOUND"), isWell: true),
            Row(status: 404, isWell: true), Row(status: 401, isWell: true), Row(status: 413, isWell: true),
            Row(status: 422, body: "[]", isWell: true),
            // Somebody in storage's place takes everything, or leads elsewhere.
            Row(status: 200, body: "<html>", isWell: false), Row(status: 201, isWell: false),
            Row(status: 302, isWell: false),
            // No room is a refusal.
            Row(status: 507, body: AssetReplyTests.error("STORAGE_FULL"), isWell: true), Row(status: 507, isWell: true),
            Row(status: 500, body: AssetReplyTests.error("INTERNAL_ERROR"), isWell: false),
            Row(status: 500, body: AssetReplyTests.error("DATABASE_GONE"), isWell: false),
            Row(status: 500, isWell: false), Row(status: 501, isWell: false), Row(status: 502, isWell: false),
            Row(status: 503, body: "<html>", isWell: false), Row(status: 429, isWell: false),
        ]
    )
    func everyAnswerWillDoButThatItDoesNotWork(_ access: AssetAccess, _ row: Row) async throws {
        let answer = { @Sendable in HTTPAssetClientTests.answer(row.status, row.body) }
        let (routes, attempts) = HTTPAssetClientTests.routes { _, _ in answer() }
        try await withServer(routes) { (url, client) async throws -> Void in
            let trouble = await Self.trouble(access, at: url, client)
            #expect((trouble == nil) == row.isWell, "\(String(describing: trouble))")
        }
        #expect(attempts() == 1)
    }

    /// A Storage Service that keeps to the contract refuses either, and keeps nothing.
    @Test(arguments: [(AssetAccess.reading, HTTPRequest.Method.get), (.writing, .put)])
    func asksForWhatHasToBeRefused(_ access: AssetAccess, _ method: HTTPRequest.Method) async throws {
        let (routes, attempts) = HTTPAssetClientTests.routes { request, _ in
            let body = try await request.body.collect(upTo: 1024)
            let name = String(request.uri.path.split(separator: "/").last ?? "")
            let isRight =
                request.method == method && AssetName.isValid(name)
                && (method == .get) == (body.readableBytes == 0)
                && AssetName.from(digest: SHA256.hash(data: body.readableBytesView)) != name
                && request.headers[.authorization] == "Bearer sesame"
            return HTTPAssetClientTests.answer(isRight ? 400 : 500, "")
        }
        try await withServer(routes) { (url, client) async throws -> Void in
            #expect(await Self.trouble(access, at: url, client) == nil)
        }
        #expect(attempts() == 1)
    }

    @Test(arguments: AssetAccess.allCases)
    func whoDoesNotAnswerIsNotWell(_ access: AssetAccess) async throws {
        let (routes, _) = HTTPAssetClientTests.routes { _, _ in
            try await gracefulShutdown()
            return HTTPAssetClientTests.answer(404, "")
        }
        try await withServer(routes) { (url, client) async throws -> Void in
            #expect(await Self.trouble(access, at: url, client, within: .milliseconds(100)) == .timedOut)
            for nobody in [nil, "http://127.0.0.1:1"] {
                #expect(await Self.trouble(access, at: nobody, client) != nil)
            }
        }
    }

    @Test(arguments: AssetAccess.allCases)
    func anAnswerThatBreaksOffIsNone(_ access: AssetAccess) async throws {
        let (routes, _) = HTTPAssetClientTests.routes { _, _ in
            Response(
                status: .notFound,
                headers: [.contentLength: "100"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "the"))
                    throw CancellationError()
                }
            )
        }
        try await withServer(routes) { (url, client) async throws -> Void in
            #expect(await Self.trouble(access, at: url, client) != nil)
        }
    }

    @Test(arguments: [(200, true), (503, false)])
    func asksForHealth(status: Int, isHealthy: Bool) async throws {
        var routes = RouteTable()
        routes.get("/health") { _, _ in HTTPAssetClientTests.answer(status, "{}") }
        let answer = try await withServer(routes) { url, client in
            await Self.prober(client, url).isHealthy(within: .seconds(20))
        }
        #expect(answer == isHealthy)
    }

    /// Else a storage that has much to do would look like one that is not well.
    @Test func doesNotWaitBehindClients() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        var (routes, _) = HTTPAssetClientTests.routes { _, _ in
            arrival.yield()
            try await gracefulShutdown()
            return HTTPAssetClientTests.answer(404, "")
        }
        routes.get("/health") { _, _ in HTTPAssetClientTests.answer(200, "{}") }
        try await withServer(routes) { (url, client) async throws -> Void in
            let assets = HTTPAssetClientTests.assets(client, url)
            let connectionsMax = AssetConnections.Limits().connectionsMax
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<connectionsMax * 2 {
                    group.addTask {
                        await #expect(throws: StorageTrouble.self) {
                            try await assets.head(
                                HTTPAssetClientTests.image.content(at: "/x"),
                                for: HTTPAssetClientTests.call()
                            )
                        }
                    }
                }
                var arrived = arrivals.makeAsyncIterator()
                for _ in 0..<connectionsMax { await arrived.next() }
                #expect(await Self.prober(client, url).isHealthy(within: .seconds(60)))
                group.cancelAll()
            }
        }
    }

    /// One that is kept, storage may close at any time, and the question would fail with it.
    @Test func keepsNoConnection() async throws {
        let ports = Mutex<Set<String>>([])
        var routes = RouteTable()
        routes.get("/health") { request, context in
            ports.withLock { _ = $0.insert(context.remoteAddress) }
            return HTTPAssetClientTests.answer(request.headers[.connection] == "close" ? 200 : 500, "{}")
        }
        try await withServer(routes) { (url, client) async throws -> Void in
            let prober = Self.prober(client, url)
            for _ in 1...3 { #expect(await prober.isHealthy(within: .seconds(60))) }
        }
        #expect(ports.withLock(\.count) == 3)
    }
}
