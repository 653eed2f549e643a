import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import Octets
import SimulatorAdmin

/// `GET|POST /_sim/hub/wait`: answers when a condition holds, instead of being asked again and again.
///
///     GET  /_sim/hub/wait?condition=consumers&queue=q&at_least=1&wait_ms=5000
///     POST /_sim/hub/wait {"condition": {"consumers": {"queue": "q", "at_least": 1}}, "wait_ms": 5000}
///
/// 200 `{"holds": true}`; where the time is over first, 504 `CONDITION_NOT_MET` with what there is instead.
struct HubWaitController: Sendable {
    /// How long is waited where the request does not say, in milliseconds.
    private static let waitMsDefault = 5000

    let hub: HubSim
    let clock: any Clock<Duration>

    func addRoutes(to routes: inout RouteTable) {
        routes.get("/_sim/hub/wait", use: get)
        routes.post("/_sim/hub/wait", use: post)
    }

    @Sendable private func get(_ request: Request, _ context: ServingContext) async throws -> Response {
        let query = try QueryItems(request)
        let waitMs = try AdminRequest.integer(
            "wait_ms",
            in: 0...AdminLimits.waitMsMax,
            default: Self.waitMsDefault,
            query
        )
        guard let name = query["condition"] else { throw APIError.invalid("query", "condition", "is missing") }
        guard ConditionReader.names.contains(name) else {
            throw APIError.invalid(
                "query",
                "condition",
                "is none of \(ConditionReader.names.joined(separator: ", "))"
            )
        }
        let known = ConditionReader.members(of: name).union(["condition", "wait_ms"])
        if let unknown = query.items.first(where: { !known.contains($0.name) }) {
            throw APIError.invalid("query", unknown.name, "is none of \(known.sorted().joined(separator: ", "))")
        }
        return try await answer(.object([name: try Self.condition(name, query)]), in: .query, waitMs: waitMs)
    }

    @Sendable private func post(_ request: Request, _ context: ServingContext) async throws -> Response {
        let json = try await JSONBody.read(request, bytesMax: AdminLimits.bodyBytesMax)
        guard let body = json.object else { throw APIError.invalid("body", "body", "must be an object") }
        if let unknown = body.keys.sorted().first(where: { $0 != "condition" && $0 != "wait_ms" }) {
            throw APIError.invalid("body", unknown, "is neither condition nor wait_ms")
        }
        var fields = FieldReader(body)
        let waitMs = fields.optionalInteger("wait_ms", in: 0...AdminLimits.waitMsMax) ?? Self.waitMsDefault
        let condition = fields.object("condition")
        do {
            try fields.finish()
        } catch {
            throw APIError.invalid(error)
        }
        return try await answer(.object(condition), in: .body, waitMs: waitMs)
    }

    /// The query as the JSON that a body would have.
    private static func condition(_ name: String, _ query: QueryItems) throws(APIError) -> JSONValue {
        if name == "connections" {
            return .integer(
                Int64(try AdminRequest.integer("exactly", in: 0...1_000_000, default: 0, query))
            )
        }
        var members: [String: JSONValue] = [:]
        for name in ["queue", "exchange", "routing_key", "vhost", "tag", "name"] {
            members[name] = query[name].map(JSONValue.string)
        }
        if query["code"] != nil {
            members["code"] = .integer(Int64(try AdminRequest.integer("code", in: 200...599, default: 0, query)))
        }
        if query["at_least"] != nil {
            members["at_least"] = .integer(
                Int64(try AdminRequest.integer("at_least", in: 0...Int.max, default: 1, query))
            )
        }
        return .object(members)
    }

    private func answer(
        _ condition: JSONValue,
        in source: ConditionReader.Source,
        waitMs: Int
    ) async throws -> Response {
        let read = try ConditionReader.read(condition, in: source)
        let hub = hub
        let holds = await Waiting.upTo(milliseconds: waitMs, on: clock) { await hub.waitUntil(read.condition) }
        guard !holds else { return JSONResponse(["holds": true]).response }
        var details: [String: JSONValue] = ["condition": condition, "waited_ms": .integer(Int64(waitMs))]
        let snapshot = hub.snapshot()
        if let place = read.queue {
            details["queue"] = snapshot.queue(place.name, vhost: place.vhost).map(HubStateText.queue) ?? .null
            details["bindings"] = .array(
                snapshot.bindings.filter {
                    $0.vhost.isExactly(place.vhost) && $0.isToQueue && $0.destination.isExactly(place.name)
                }
                .map(HubStateText.binding)
            )
        } else {
            details["connections"] = .integer(Int64(snapshot.connections.count))
            details["exchanges"] = .array(
                snapshot.exchanges.filter { !$0.name.isEmpty }.map { .string($0.name) }
            )
        }
        throw APIError(
            .gatewayTimeout,
            "CONDITION_NOT_MET",
            "The condition did not hold within \(waitMs) ms.",
            details: details
        )
    }
}
