import HTTPServing
import Hummingbird
import JSON
import Octets

/// `definitions`: all that was declared, to be kept or declared elsewhere. Exclusive queues go with their connections
/// and are no part of it; passwords are not told.
enum DefinitionsResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/definitions") { request in
            try request.requireAdministrator()
            let view = request.view
            var members = declared(view, in: nil)
            members["rabbitmq_version"] = .string(request.hub.version)
            members["rabbit_version"] = .string(request.hub.version)
            members["product_name"] = "RabbitMQ"
            members["product_version"] = .string(request.hub.version)
            members["users"] = .array(request.hub.users.map { .object(UserResource.user($0)) })
            members["vhosts"] = .array(view.inventory.virtualHosts.map { ["name": .string($0)] })
            members["permissions"] = .array(
                UserResource.permissions(request.hub).map { .object($0) }
            )
            members["topic_permissions"] = .array(
                UserResource.topicPermissions(request.hub).map { .object($0) }
            )
            members["parameters"] = []
            members["global_parameters"] = []
            return try Listing.response(members, request.request)
        }
        routes.get("/api/definitions/{vhost}") { request in
            try request.requireAdministrator()
            let vhost = try request.virtualHost()
            var members = declared(request.view, in: vhost)
            members["rabbitmq_version"] = .string(request.hub.version)
            members["parameters"] = []
            return try Listing.response(members, request.request)
        }
    }

    /// Queues, exchanges and bindings of one vhost, whose name is then left out, or of all.
    private static func declared(_ view: ManagementView, in vhost: String?) -> [String: JSONValue] {
        func reduced(_ items: [[String: JSONValue]], _ keys: [String]) -> JSONValue {
            .array(
                items.filter { vhost == nil || $0["vhost"] == .string(vhost ?? "") }.map { item in
                    .object(item.filter { keys.contains($0.key) && (vhost == nil || $0.key != "vhost") })
                }
            )
        }
        let queues = view.snapshot.queues.indices.filter { !view.snapshot.queues[$0].isExclusive }
        let exchanges = view.snapshot.exchanges.indices.filter { index in
            let name = view.snapshot.exchanges[index].name
            return !name.isEmpty && !name.beginsExactly(with: "amq.")
        }
        let exclusive = view.snapshot.queues.filter(\.isExclusive)
        let bindings = view.snapshot.bindings.filter { binding in
            !binding.isToQueue
                || !exclusive.contains { $0.vhost.isExactly(binding.vhost) && $0.name.isExactly(binding.destination) }
        }
        return [
            "policies": reduced(
                PolicyResource.policies(view.inventory.policies),
                ["vhost", "name", "pattern", "apply-to", "priority", "definition"]
            ),
            "queues": reduced(queues.map(view.queue), ["name", "vhost", "durable", "auto_delete", "arguments"]),
            "exchanges": reduced(
                exchanges.map(view.exchange),
                ["name", "vhost", "type", "durable", "auto_delete", "internal", "arguments"]
            ),
            "bindings": reduced(
                bindings.map(view.binding),
                ["source", "vhost", "destination", "destination_type", "routing_key", "arguments"]
            ),
        ]
    }
}
