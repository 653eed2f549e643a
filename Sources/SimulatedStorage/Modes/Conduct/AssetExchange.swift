import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import NIOCore

/// Gives the faultless answer; errors are answers too.
typealias FaultlessAnswer = (AssetExchange) async throws -> Response

/// A request over HTTP.
struct AssetExchange: Sendable {
    var request: Request
    var context: ServingContext
    let core: StorageCore

    /// The path without its query.
    var path: String { String((request.head.path ?? "").prefix { $0 != "?" }) }

    /// What the path names: the name of an asset, as far as it is one.
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// Whether it is about an asset, and not about health.
    var isAboutAsset: Bool { path.hasPrefix("/api/v2/assets/") }

    var isPut: Bool { isAboutAsset && request.method == .put }

    var isRead: Bool { isAboutAsset && (request.method == .get || request.method == .head) }

    /// The same request with its whole body at hand.
    func collected() async throws -> (exchange: AssetExchange, body: ByteBuffer) {
        let body = try await BodyReader(request, bytesMax: core.assets.assetBytesMax).collect()
        return (with(body), body)
    }

    /// The same request with other fields in its header.
    func changing(_ change: (inout HTTPFields) -> Void) -> AssetExchange {
        var exchange = self
        var head = request.head
        change(&head.headerFields)
        exchange.request = Request(head: head, body: request.body)
        return exchange
    }

    /// The same request with another body.
    func with(_ body: ByteBuffer) -> AssetExchange {
        var exchange = self
        exchange.request = Request(head: request.head, body: RequestBody(buffer: body))
        return exchange
    }

    /// The same request without a field of its header.
    func without(_ field: HTTPField.Name) -> AssetExchange {
        changing { $0[field] = nil }
    }

    /// The answer to a `PUT` that has kept so many bytes.
    func receipt(size: Int, isNew: Bool) -> Response {
        JSONResponse(
            ["url": .string(AssetName.path(of: name)), "sha256": .string(name), "size": .integer(Int64(size))],
            status: isNew ? .created : .ok
        ).response
    }
}

/// Lets the conduct of a mode answer requests to the asset API and for health.
struct ConductMiddleware: RouterMiddleware {
    typealias Context = ServingContext

    let conduct: any Conduct
    let spaces: StorageSpaces

    func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let core = try spaces.space(of: request).core
        let exchange = AssetExchange(request: request, context: context, core: core)
        return try await conduct.answer(exchange) { try await next($0.request, $0.context) }
    }
}

extension Response {
    /// The body, read whole, and the same answer again.
    func collected() async throws -> (response: Response, body: ByteBuffer) {
        let bytes = try await BodyCollector.collect(body)
        var response = self
        response.body = ResponseBody(byteBuffer: bytes)
        return (response, bytes)
    }

    /// The same answer with another JSON object; an answer that has none stays.
    func changingBody(_ change: (inout [String: JSONValue]) -> Void) async throws -> Response {
        let (response, bytes) = try await collected()
        guard var members = (try? JSONValue(parsing: Array(bytes.readableBytesView)))?.object else { return response }
        change(&members)
        var headers = headers
        headers[.contentLength] = nil
        return JSONResponse(.object(members), status: status, headers: headers).response
    }
}
