import FaultPlan
import HTTPServing
import Hummingbird
import JSON

/// `GET /_sim/state` and `POST /_sim/reset`: what the parts hold, and a new beginning.
struct StateController: Sendable {
    let parts: [any AdministeredPart]
    let faults: FaultNamespaces

    func addRoutes(to routes: inout RouteTable) {
        routes.get("/_sim/state", use: state)
        routes.post("/_sim/reset", use: reset)
    }

    @Sendable private func state(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        var states: [String: JSONValue] = [:]
        for part in try parts(of: namespace) { states[part.name] = await part.state(namespace: namespace) }
        return JSONResponse([
            "parts": .object(states), "journal_last": .integer(Int64(faults.journal.lastSequence)),
            "digest": .string(faults.journal.digest(of: namespace)),
        ]).response
    }

    /// Disarms, then empties every part. The journal goes on: it tells of the reset.
    @Sendable private func reset(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        let parts = try parts(of: namespace)
        faults.reset(namespace)
        for part in parts { await part.reset(namespace: namespace) }
        faults.journal.append(.reset, namespace: namespace, ["parts": .array(parts.map { .string($0.name) })])
        // Who is answered may ask at once.
        if namespace.isEmpty { for part in parts { await part.recover() } }
        return Response(status: .noContent)
    }

    /// Those that have the namespace. Throws 422 where nobody has any.
    private func parts(of namespace: String) throws(APIError) -> [any AdministeredPart] {
        if namespace.isEmpty { return parts }
        let found = parts.filter(\.hasNamespaces)
        guard !found.isEmpty else {
            throw .invalid("header", "X-Sim-Namespace", "is set, but nothing here has namespaces")
        }
        return found
    }
}
