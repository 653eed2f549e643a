import FaultPlan
import HTTPServing
import Hummingbird
import JSON

/// `PUT|GET|DELETE /_sim/faults` and `GET /_sim/faults/report`: the plan that is armed (contract §5).
struct FaultController: Sendable {
    let parts: [any AdministeredPart]
    let faults: FaultNamespaces

    func addRoutes(to routes: inout RouteTable) {
        routes.put("/_sim/faults", use: arm)
        routes.get("/_sim/faults", use: show)
        routes.delete("/_sim/faults", use: disarm)
        routes.get("/_sim/faults/report", use: report)
    }

    @Sendable private func arm(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        let json = try await JSONBody.read(request, bytesMax: AdminLimits.bodyBytesMax, refusingRepeatedKeys: true)
        let plan: FaultPlan
        do {
            plan = try FaultPlan(json)
        } catch {
            throw APIError.invalid(error)
        }
        try requireKinds(of: plan, namespace: namespace)
        guard let armed = faults.armed(in: namespace) else {
            throw APIError.invalid("header", "X-Sim-Namespace", "is one more than \(FaultNamespaces.namespacesMax)")
        }
        // The reader has judged it above.
        armed.armConfigured(plan)
        return JSONResponse(armed.plan.json).response
    }

    @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        return JSONResponse((faults.existing(namespace)?.plan ?? .none).json).response
    }

    @Sendable private func disarm(_ request: Request, _ context: ServingContext) async throws -> Response {
        faults.end(try AdminRequest.namespace(request))
        return Response(status: .noContent)
    }

    @Sendable private func report(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        let armed = faults.existing(namespace)
        let plan = armed?.plan ?? .none
        let report = armed?.report() ?? []
        let rules = zip(plan.rules, report).map { rule, report -> JSONValue in
            [
                "id": .string(report.id), "kind": .string(rule.fault.kind.rawValue),
                "matched": .integer(Int64(report.matched)), "fired": .integer(Int64(report.fired)),
                "never_fired": .bool(report.neverFired), "ended": .bool(report.hasEnded),
            ]
        }
        let silent = report.filter(\.neverFired).map { JSONValue.string($0.id) }
        return JSONResponse([
            "seed": .integer(Int64(clamping: plan.seed)), "rules": .array(rules), "never_fired": .array(silent),
            "unmatched": .object((armed?.unmatched ?? [:]).mapValues { .integer(Int64($0)) }),
            "digest": .string(faults.journal.digest(of: namespace)),
        ]).response
    }

    /// Refuses rules that nobody here could carry out: they would stay silent, and a test would be none.
    private func requireKinds(of plan: FaultPlan, namespace: String) throws(APIError) {
        let able = parts.filter { namespace.isEmpty || $0.hasNamespaces }
        let place = namespace.isEmpty ? "here" : "in a namespace"
        let problems = plan.rules.enumerated().filter { _, rule in
            !able.contains { $0.faultKinds.contains(rule.fault.kind) }
        }.map { index, rule in
            (
                place: ["body", "rules[\(index)].fault.kind"],
                message: "\(rule.fault.kind.rawValue) can strike nobody \(place)"
            )
        }
        if !problems.isEmpty { throw .validation(problems) }
    }
}
