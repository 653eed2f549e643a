import HTTPTypes
import Hummingbird

/// Answers a request: finds its route, then goes through the middleware to the route's handler.
///
/// The route is found first, so every middleware knows it, for 404 and 405 as well. What a handler or a middleware throws
/// becomes an answer before anybody further out sees it: nobody there has to know that errors can be thrown.
struct RouteResponder: Sendable {
    let routes: RouteTable
    /// Outermost first.
    let middleware: [HTTPServer.Middleware]

    func respond(to request: Request, context: ServingContext) async -> Response {
        let match = routes.match(method: request.method, target: request.head.path ?? "")
        var context = context
        context.route = match.route
        context.pathParameters = match.parameters
        let response = await respond(to: request, context: context, at: 0, handler: match.handler)
        return request.method == .head ? response.withoutBody : response
    }

    private func respond(
        to request: Request,
        context: ServingContext,
        at index: Int,
        handler: RouteTable.Handler
    ) async -> Response {
        do {
            guard index < middleware.count else { return try await handler(request, context) }
            return try await middleware[index].handle(request, context: context) { request, context in
                await respond(to: request, context: context, at: index + 1, handler: handler)
            }
        } catch {
            return ErrorAnswer.response(to: error, context: context)
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
