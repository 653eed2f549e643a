import HTTPServing
import HTTPTypes
import Hummingbird

/// Lets pages of other origins use the API (the CORS protocol of the Fetch standard §3.2), where `CORS_ORIGINS` names
/// them. It lies outside of rights and routes, so that a page can read errors too.
package struct CORSMiddleware: RouterMiddleware {
    package typealias Context = ServingContext

    /// Seconds for which a browser may keep what a preflight said.
    private static let preflightMaxAgeSeconds = "600"
    private static let exposedHeaders =
        "Accept-Ranges, Content-Range, ETag, Link, Location, Retry-After, X-Request-ID, X-Total-Count"
    private static let allowedHeaders =
        "Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Request-ID, traceparent, tracestate"

    private let origins: CORSOrigins

    package init(origins: CORSOrigins) { self.origins = origins }

    package func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // An answer that depends on the origin says so to caches, also when it has nothing for this one.
        if !origins.isAny { response.headers.append(HTTPField(name: .vary, value: "Origin")) }
        guard let origin = request.headers[.origin], origins.allows(origin) else { return response }
        response.headers[.accessControlAllowOrigin] = origins.isAny ? "*" : origin
        response.headers[.accessControlExposeHeaders] = CORSMiddleware.exposedHeaders
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            response.headers[.accessControlAllowMethods] = response.headers[.allow] ?? "GET, HEAD, OPTIONS"
            response.headers[.accessControlAllowHeaders] = CORSMiddleware.allowedHeaders
            response.headers[.accessControlMaxAge] = CORSMiddleware.preflightMaxAgeSeconds
        }
        return response
    }
}

/// The origins of `CORS_ORIGINS`: `*`, or serialised origins such as `https://example.org:8443`, comma-separated.
package struct CORSOrigins: Sendable, Hashable {
    private let origins: Set<String>
    package let isAny: Bool

    /// What is wrong with an entry.
    package struct Malformed: Error, Sendable, Hashable {
        package let message: String
    }

    package init(parsing text: String) throws(Malformed) {
        var origins: Set<String> = []
        for part in text.split(separator: ",") {
            let origin = part.filter { !$0.isWhitespace }
            guard origin != "*" else {
                origins.insert(origin)
                continue
            }
            let lower = origin.lowercased()
            guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }),
                PublicURL.isAuthority(String(lower.dropFirst(scheme.count)))
            else { throw Malformed(message: "\(origin) is no origin such as https://example.org") }
            origins.insert(lower)
        }
        guard !origins.isEmpty else { throw Malformed(message: "names no origin") }
        self.origins = origins
        isAny = origins.contains("*")
    }

    /// Browsers send origins in lower case (URL standard §4.6), so the text is compared as it is.
    package func allows(_ origin: String) -> Bool { isAny || origins.contains(origin) }
}
