import HTTPTypes
import Hummingbird

/// Answers a request: finds its route, then goes through the middleware to the route's handler.
///
/// The route is found first, so every middleware knows it, for 404 and 405 as well. It never throws.
struct RouteResponder: HTTPResponder {
    let routes: RouteTable
    private let middleware: [HTTPServer.Middleware]

    init(routes: RouteTable, middleware: [HTTPServer.Middleware]) {
        self.routes = routes
        // An ErrorMiddleware inside each: nobody outside of an error has to know that errors can be thrown.
        self.middleware = [ErrorMiddleware()] + middleware.flatMap { [$0, ErrorMiddleware()] }
    }

    func respond(to request: Request, context: ServingContext) async throws -> Response {
        let match = routes.match(method: request.method, target: request.head.path ?? "")
        var context = context
        context.route = match.route
        context.pathParameters = match.parameters
        let response = try await respond(to: request, context: context, at: 0, handler: match.handler)
        return request.method == .head ? response.withoutBody : response
    }

    private func respond(
        to request: Request,
        context: ServingContext,
        at index: Int,
        handler: RouteTable.Handler
    ) async throws -> Response {
        guard index < middleware.count else { return try await handler(request, context) }
        return try await middleware[index].handle(request, context: context) { request, context in
            try await respond(to: request, context: context, at: index + 1, handler: handler)
        }
    }
}

extension Response {
    /// The answer to `HEAD`: the header fields of `GET` with no body (RFC 9110 §9.3.2), its length included.
    fileprivate var withoutBody: Response {
        var head = Response(status: status, headers: headers)
        head.headers[.contentLength] = headers[.contentLength]
        return head
    }
}
