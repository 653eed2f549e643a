import HTTPServing
import HubSim
import JSON

/// `policies`: those of the hub's definitions, to be read.
enum PolicyResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/policies") { request in
            try Listing.response(policies(request.hub.policies()), request.request)
        }
        routes.get("/api/policies/{vhost}") { request in
            let vhost = JSONValue.string(try request.virtualHost())
            let inside = policies(request.hub.policies()).filter { $0["vhost"] == vhost }
            return try Listing.response(inside, request.request)
        }
        routes.get("/api/policies/{vhost}/{policy}") { request in
            let found = policies(request.hub.policies()).first {
                $0["vhost"] == .string(request.path("vhost")) && $0["name"] == .string(request.path("policy"))
            }
            guard let found else { throw ManagementError.notFound }
            return try Listing.response(found, request.request)
        }
    }

    static func policies(_ policies: [PolicyDetails]) -> [[String: JSONValue]] {
        policies.map { policy in
            [
                "vhost": .string(policy.vhost), "name": .string(policy.name), "pattern": .string(policy.pattern),
                "apply-to": .string(policy.target), "priority": .integer(policy.priority),
                "definition": .object(policy.definition),
            ]
        }
    }
}
