import HTTPServing
import HTTPTypes
import Hummingbird

/// Gives every request its `traceparent`, its own or a fresh one, takes a `tracestate` away that does not go with it, and
/// puts the trace's id into its log lines. What stands further in takes it from the request's header.
package struct TraceMiddleware: RouterMiddleware {
    package typealias Context = ServingContext

    package init() {}

    package func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let trace = TraceContext.of(request.headers)
        var head = request.head
        head.headerFields[.traceparent] = trace.traceparent
        head.headerFields[.tracestate] = trace.tracestate
        RequestNotes.current?.note("trace_id", TraceParent.traceID(trace.traceparent))
        return try await next(Request(head: head, body: request.body), context)
    }
}
