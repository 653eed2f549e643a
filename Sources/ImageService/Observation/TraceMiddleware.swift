import HTTPServing
import HTTPTypes
import Hummingbird

/// Gives every request its `traceparent`, its own or a fresh one, and puts the trace's id into its log lines. What stands
/// further in takes it from the request's header.
package struct TraceMiddleware: RouterMiddleware {
    package typealias Context = ServingContext

    package init() {}

    package func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let traceparent = TraceParent.of(request.headers)
        var head = request.head
        head.headerFields[.traceparent] = traceparent
        var context = context
        context.logger[metadataKey: "trace_id"] = .string(TraceParent.traceID(traceparent))
        return try await next(Request(head: head, body: request.body), context)
    }
}
