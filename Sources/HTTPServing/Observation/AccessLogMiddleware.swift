import HTTPTypes
import Hummingbird
import Logging

/// One log line a request, when its answer is ready: method, path without query, status and duration.
///
/// The query stays out: it may hold what a user typed.
public struct AccessLogMiddleware: RouterMiddleware {
    public typealias Context = ServingContext

    private let clock: any Clock<Duration>

    /// - Parameter clock: measures the duration.
    public init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    public func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        guard context.logger.logLevel <= .info else { return try await next(request, context) }
        return try await measured(by: clock, request, context: context, next: next)
    }

    private func measured(
        by clock: some Clock<Duration>,
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let start = clock.now
        // Of a client that is gone by the end nobody knows where it was.
        let remoteAddress = context.remoteAddress
        let response = try await next(request, context)
        let milliseconds = Int((start.duration(to: clock.now) / .milliseconds(1)).rounded())
        context.logger.info(
            "Request answered",
            metadata: [
                "method": .string(request.method.rawValue),
                "path": .string(request.uri.path),
                "status": .stringConvertible(response.status.code),
                "duration_ms": .stringConvertible(milliseconds),
                "remote": .string(remoteAddress),
            ]
        )
        return response
    }
}
