import HTTPServing
import HTTPTypes
import Hummingbird

/// Keeps web pages of other sites away from an interface that asks for no password.
///
/// A page anywhere on the web can send requests to a server on the reader's own machine. Two things give it away: the
/// browser says in `Origin` whose page it is, and a name that was made to lead here (DNS rebinding) is still that name
/// in `Host`. So `Origin` must be this server's own, and `Host` must be a loopback name where the server listens on the
/// loopback alone.
struct SameSiteMiddleware: RouterMiddleware {
    typealias Context = ServingContext

    /// Whether the server listens on the loopback alone.
    let isLoopback: Bool

    func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let host = request.head.authority ?? ""
        if isLoopback, !Self.isLoopback(Self.name(of: host)) {
            throw APIError(.forbidden, "FORBIDDEN", "This interface answers to names of the loopback only.")
        }
        if let origin = request.headers[.origin], origin.lowercased() != "http://\(host.lowercased())" {
            throw APIError(.forbidden, "FORBIDDEN", "This interface answers pages of its own only.")
        }
        // `Sec-Fetch-Site` says the same where a browser leaves `Origin` out.
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none",
            request.method != .get || request.headers[.secFetchMode] != "navigate"
        {
            throw APIError(.forbidden, "FORBIDDEN", "This interface answers pages of its own only.")
        }
        return try await next(request, context)
    }

    /// Whether it can only lead to this machine: `localhost`, `127.…`, `::1`.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }

    /// The host without its port and without the brackets of an IPv6 address.
    static func name(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}

extension HTTPField.Name {
    fileprivate static var secFetchSite: HTTPField.Name {
        guard let name = HTTPField.Name("Sec-Fetch-Site") else { preconditionFailure("Cannot name Sec-Fetch-Site") }
        return name
    }
    fileprivate static var secFetchMode: HTTPField.Name {
        guard let name = HTTPField.Name("Sec-Fetch-Mode") else { preconditionFailure("Cannot name Sec-Fetch-Mode") }
        return name
    }
}
