import AsyncHTTPClient
import Crypto
import HTTPTypes
import HubProtocol
import Hummingbird
import ImageService
import NIOCore
import ServiceLifecycle
import Testing

/// What the asset client asks of a server to know how it is, and what it makes of the answer.
@Suite(.timeLimit(.minutes(5)))
struct AssetAccessProbeTests {
    private static func trouble(
        _ access: AssetAccess,
        at url: String?,
        _ client: HTTPClient,
        within timeout: Duration = .seconds(60)
    ) async -> StorageTrouble? {
        do throws(StorageTrouble) {
            let assets = HTTPAssetClientTests.assets(client, url)
            try await assets.probe(access, for: HTTPAssetClientTests.call(timeout))
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
            Row(status: 422, body: "[]", isWell: true), Row(status: 200, isWell: true), Row(status: 302, isWell: true),
            // No room is a refusal.
            Row(status: 507, body: AssetReplyTests.error("STORAGE_FULL"), isWell: true), Row(status: 507, isWell: true),
            Row(status: 500, body: AssetReplyTests.error("INTERNAL_ERROR"), isWell: false),
            Row(status: 500, body: AssetReplyTests.error("DATABASE_GONE"), isWell: false),
            Row(status: 500, isWell: false), Row(status: 501, isWell: false), Row(status: 502, isWell: false),
            Row(status: 503, body: "<html>", isWell: false), Row(status: 429, isWell: false),
        ]
    )
    func everyAnswerWillDoButThatItDoesNotWork(_ access: AssetAccess, _ row: Row) async throws {
        let (routes, attempts) = HTTPAssetClientTests.routes { _, _ in HTTPAssetClientTests.answer(row.status, row.body)
        }
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
}
