import HTTPServing
import Hummingbird
import JSON
import Octets

/// `definitions`: all that was declared, to be kept or declared elsewhere. Exclusive queues go with their connections
/// and are no part of it; passwords are not told.
enum DefinitionsResource {
    static func add(to routes: inout ManagementAPI.Routes) {
        routes.get("/api/definitions") { request in
            let view = request.view
            var members = declared(view, in: nil)
            members["rabbitmq_version"] = .string(request.hub.version)
            members["rabbit_version"] = .string(request.hub.version)
            members["product_name"] = "RabbitMQ"
            members["product_version"] = .string(request.hub.version)
            members["users"] = .array(request.hub.userNames.map { .object(UserResource.user($0)) })
            members["vhosts"] = .array(view.inventory.virtualHosts.map { ["name": .string($0)] })
            members["permissions"] = .array(
                UserResource.permissions(view, request.hub).map { .object($0) }
            )
            members["topic_permissions"] = []
            members["parameters"] = []
            members["global_parameters"] = []
            members["policies"] = []
            return try Listing.response(members, request.request)
        }
        routes.get("/api/definitions/{vhost}") { request in
            let view = request.view
            try VirtualHostResource.requireVirtualHost(request.path("vhost"), in: view)
            var members = declared(view, in: request.path("vhost"))
            members["rabbitmq_version"] = .string(request.hub.version)
            members["policies"] = []
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
        let exchanges = view.snapshot.exchanges.filter { !$0.name.isEmpty && !$0.name.hasPrefix("amq.") }
        let exclusive = view.snapshot.queues.filter(\.isExclusive)
        let bindings = view.snapshot.bindings.filter { binding in
            !binding.isToQueue
                || !exclusive.contains { $0.vhost.isExactly(binding.vhost) && $0.name.isExactly(binding.destination) }
        }
        return [
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
