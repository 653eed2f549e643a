import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import MessageHub
import NIOCore
import TestSupport

/// The stand-in's asset API: takes every asset, has none to give, and notes what it was asked.
final class StandInAssets: Sendable {
    struct Asked: Sendable, Equatable {
        var method: String
        var path: String
        /// Names in lower case.
        var headers: [String: String]
        var body: [UInt8]
    }

    let asked: Observed<[Asked]>
    let server: HTTPServer

    /// What the stand-in hangs on the URLs of assets: a requester passes them on as they are.
    static let urlSuffix = "?from=stand-in"

    init() {
        let asked = Observed<[Asked]>([])
        self.asked = asked
        var routes = RouteTable()
        routes.put("/api/v2/assets/{sha256}") { request, context in
            let body = try await request.body.collect(upTo: 1 << 20)
            asked.update { $0.append(Asked(request, body: Array(body.readableBytesView))) }
            let name = context.parameter("sha256")
            return JSONResponse(
                [
                    "url": .string("/api/v2/assets/\(name)\(Self.urlSuffix)"), "sha256": .string(name),
                    "size": .integer(Int64(body.readableBytes)),
                ],
                status: .created
            ).response
        }
        routes.delete("/api/v2/assets/{sha256}") { request, _ in
            asked.update { $0.append(Asked(request, body: [])) }
            return Response(status: .noContent)
        }
        routes.get("/health") { _, _ in JSONResponse(["status": "healthy"]).response }
        server = HTTPServer(host: "127.0.0.1", port: 0, routes: routes, middleware: [], logger: .silent)
    }

    /// The assets that were put.
    var puts: [Asked] { asked.value.filter { $0.method == "PUT" } }
}

extension StandInAssets.Asked {
    fileprivate init(_ request: Request, body: [UInt8]) {
        method = request.method.rawValue
        path = request.uri.path
        headers = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        self.body = body
    }
}
