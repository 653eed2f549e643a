import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird

/// RabbitMQ's management API under `/api`, for the users of the hub.
struct ManagementAPI: Sendable {
    typealias Answer = @Sendable (ManagementRequest) async throws -> Response

    let hub: HubSim
    let rates: RateBoard

    func addRoutes(to routes: inout RouteTable) {
        var table = Routes(api: self, table: routes)
        OverviewResource.add(to: &table)
        VirtualHostResource.add(to: &table)
        UserResource.add(to: &table)
        PermissionResource.add(to: &table)
        PolicyResource.add(to: &table)
        ConnectionResource.add(to: &table)
        ExchangeResource.add(to: &table)
        QueueResource.add(to: &table)
        MessageResource.add(to: &table)
        BindingResource.add(to: &table)
        HealthResource.add(to: &table)
        DefinitionsResource.add(to: &table)
        routes = table.table
    }

    /// Adds routes whose answers know who asks, and whose errors look as RabbitMQ's.
    struct Routes {
        let api: ManagementAPI
        var table: RouteTable

        mutating func on(_ method: HTTPRequest.Method, _ path: RoutePath, _ answer: @escaping Answer) {
            let api = api
            table.on(method, path) { request, context in try await api.answer(request, context, answer) }
        }

        mutating func get(_ path: RoutePath, _ answer: @escaping Answer) { on(.get, path, answer) }
        mutating func put(_ path: RoutePath, _ answer: @escaping Answer) { on(.put, path, answer) }
        mutating func post(_ path: RoutePath, _ answer: @escaping Answer) { on(.post, path, answer) }
        mutating func delete(_ path: RoutePath, _ answer: @escaping Answer) { on(.delete, path, answer) }
    }

    private func answer(_ request: Request, _ context: ServingContext, _ answer: Answer) async throws -> Response {
        do {
            guard let field = request.headers[.authorization], let credentials = BasicCredentials(field),
                hub.isUser(credentials.name, password: credentials.password)
            else { throw ManagementError.notLoggedIn }
            let request = ManagementRequest(
                request: request,
                context: context,
                hub: hub,
                rates: rates,
                user: credentials.name
            )
            try request.requireNamesThatFit()
            return try await answer(request)
        } catch let error as ManagementError {
            return error.response
        } catch let error as APIError {
            return ManagementError(error).response
        }
    }
}

/// Says "nothing is here", and "not this way", under `/api` in RabbitMQ's shape, whoever asks.
struct ManagementErrorsMiddleware: RouterMiddleware {
    typealias Context = ServingContext

    func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard path == "/api" || path.hasPrefix("/api/") else { return try await next(request, context) }
        guard context.route != nil else { return ManagementError.notFound.response }
        let response = try await next(request, context)
        guard response.status == .methodNotAllowed else { return response }
        return ManagementError.notAllowed(response.headers[.allow] ?? "").response
    }
}
