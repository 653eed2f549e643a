import HTTPServing
import HTTPTypes
import Hummingbird

/// Lets nobody through to the API without a token that has the right (contract §1): `read` for what only looks,
/// `write` for what changes something. Health, documentation and pages stay open.
///
/// It goes by the route that was found, not by the path as it was spelled, so that no spelling of a path gets around it.
package struct AccessMiddleware: RouterMiddleware {
    package typealias Context = ServingContext

    private let tokens: APITokens

    package init(tokens: APITokens) { self.tokens = tokens }

    package func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        guard let route = context.route, route.hasPrefix("/api/"), request.method != .options else {
            return try await next(request, context)
        }
        guard let caller = AccessMiddleware.bearerToken(request.headers).flatMap(tokens.caller(token:)) else {
            throw APIError(
                .unauthorized,
                "UNAUTHORIZED",
                "This needs a token that the service knows, as Authorization: Bearer.",
                headers: [.wwwAuthenticate: "Bearer realm=\"image-service\""]
            )
        }
        let needed: AccessRight = request.method == .get || request.method == .head ? .read : .write
        guard caller.right >= needed else {
            throw APIError(
                .forbidden,
                "FORBIDDEN",
                "This needs a token with the right to \(needed.rawValue).",
                details: ["needed": .string(needed.rawValue)],
                headers: [.wwwAuthenticate: "Bearer realm=\"image-service\", error=\"insufficient_scope\""]
            )
        }
        var context = context
        context.logger[metadataKey: "caller"] = .string(caller.name)
        return try await next(request, context)
    }

    /// The token of `Authorization: Bearer …` (RFC 6750 §2.1); the scheme's case does not count (RFC 9110 §11.1).
    static func bearerToken(_ headers: HTTPFields) -> String? {
        let fields = headers[values: .authorization]
        guard fields.count == 1 else { return nil }
        let parts = fields[0].split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].drop { $0 == " " }
        return token.isEmpty || token.contains(" ") ? nil : String(token)
    }
}
