import HTTPTypes
import Hummingbird

/// The routes of a server.
///
/// What Hummingbird's router leaves open is decided here, once: an unknown path is 404 `NOT_FOUND`, a known path with
/// another method 405 with `Allow`, `HEAD` answers wherever `GET` does, `OPTIONS` is 204 with `Allow`.
///
///     var routes = RouteTable()
///     routes.get("/api/v2/images/{image_id}") { request, context in
///         try await show(context.parameter("image_id"))
///     }
///
/// Where several paths match, the one whose literal segments come first wins, whatever the order of declaration.
public struct RouteTable: Sendable {
    /// Answers a request; what it throws becomes an error answer.
    public typealias Handler = @Sendable (Request, ServingContext) async throws -> Response

    /// A path with its methods.
    private struct Entry: Sendable {
        let path: RoutePath
        var handlers: [(method: HTTPRequest.Method, handler: Handler)]
    }

    /// What a request comes to.
    struct Match: Sendable {
        let route: String?
        let parameters: [String: String]
        let handler: Handler
    }

    private var entries: [Entry] = []

    public init() {}

    /// Adds a route. The same method and path twice is a programmer's mistake.
    public mutating func on(_ method: HTTPRequest.Method, _ path: RoutePath, use handler: @escaping Handler) {
        guard let index = entries.firstIndex(where: { $0.path == path }) else {
            entries.append(Entry(path: path, handlers: [(method, handler)]))
            return
        }
        precondition(
            !entries[index].handlers.contains { $0.method == method },
            "Cannot route \(method) \(path) a second time"
        )
        entries[index].handlers.append((method, handler))
    }

    /// Adds a `GET` route, and with it `HEAD`.
    public mutating func get(_ path: RoutePath, use handler: @escaping Handler) { on(.get, path, use: handler) }
    /// Adds a `POST` route.
    public mutating func post(_ path: RoutePath, use handler: @escaping Handler) { on(.post, path, use: handler) }
    /// Adds a `PUT` route.
    public mutating func put(_ path: RoutePath, use handler: @escaping Handler) { on(.put, path, use: handler) }
    /// Adds a `PATCH` route.
    public mutating func patch(_ path: RoutePath, use handler: @escaping Handler) { on(.patch, path, use: handler) }
    /// Adds a `DELETE` route.
    public mutating func delete(_ path: RoutePath, use handler: @escaping Handler) { on(.delete, path, use: handler) }

    /// Every method and path that was routed, as the templates are written: for descriptions of the API.
    public var all: [(method: HTTPRequest.Method, path: RoutePath)] {
        entries.flatMap { entry in entry.handlers.map { ($0.method, entry.path) } }
    }

    /// Finds who answers. There is always somebody: errors are handlers too.
    func match(method: HTTPRequest.Method, target: String) -> Match {
        // `OPTIONS *` asks about the server as a whole (RFC 9110 §9.3.7).
        if method == .options, target == "*" {
            return Match(route: "*", parameters: [:], handler: Self.options(allow: "GET, HEAD, OPTIONS"))
        }
        let path: RequestPath
        do throws(RequestPath.Problem) {
            path = try RequestPath(target: target)
        } catch {
            let answer: APIError =
                error == .malformed ? .malformedRequest("The path is not percent-encoded UTF-8.") : .notFound
            return Match(route: nil, parameters: [:]) { _, _ in throw answer }
        }
        var found: Int?
        for (index, entry) in entries.enumerated() where entry.path.matches(path) {
            if let found, !entry.path.isMoreSpecific(than: entries[found].path) { continue }
            found = index
        }
        guard let entry = found.map({ entries[$0] }) else {
            return Match(route: nil, parameters: [:]) { _, _ in throw APIError.notFound }
        }
        return Match(
            route: entry.path.description,
            parameters: entry.path.parameters(of: path),
            handler: Self.handler(for: method, in: entry)
        )
    }

    private static func handler(for method: HTTPRequest.Method, in entry: Entry) -> Handler {
        if let exact = entry.handlers.first(where: { $0.method == method }) { return exact.handler }
        if method == .head, let get = entry.handlers.first(where: { $0.method == .get }) { return get.handler }
        var methods = entry.handlers.map(\.method.rawValue)
        if methods.contains("GET"), !methods.contains("HEAD") { methods.append("HEAD") }
        if !methods.contains("OPTIONS") { methods.append("OPTIONS") }
        let allow = methods.sorted().joined(separator: ", ")
        if method == .options { return options(allow: allow) }
        return { _, _ in throw APIError.methodNotAllowed(allow: allow) }
    }

    private static func options(allow: String) -> Handler {
        { _, _ in Response(status: .noContent, headers: [.allow: allow]) }
    }
}

extension RoutePath {
    /// Whether this path is to be tried before the other one: at the first difference it has the literal.
    fileprivate func isMoreSpecific(than other: RoutePath) -> Bool {
        for (mine, theirs) in zip(segments, other.segments) {
            switch (mine, theirs) {
            case (.literal, .parameter): return true
            case (.parameter, .literal): return false
            case (.literal, .literal), (.parameter, .parameter): continue
            }
        }
        return false
    }
}
