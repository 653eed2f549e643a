import AMQP
import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import SimulatorAdmin

/// A request of the management API, from somebody who is logged in.
struct ManagementRequest {
    let request: Request
    let context: ServingContext
    let hub: HubSim
    let rates: RateBoard
    /// Who is logged in.
    let user: String

    /// A part of the path. The route must have it.
    func path(_ name: String) -> String { context.parameter(name) }

    /// The hub now.
    var view: ManagementView { ManagementView(hub, rates) }

    /// The exchange that the path names; `amq.default` is the one without a name.
    var exchangeName: String { Self.exchangeName(path("exchange")) }

    static func exchangeName(_ text: String) -> String { text == "amq.default" ? "" : text }

    /// The body as a JSON object; an empty one for an empty body.
    func body() async throws -> [String: JSONValue] {
        let bytes = try await BodyReader(request, bytesMax: AdminLimits.bodyBytesMax).collect()
        guard bytes.readableBytes > 0 else { return [:] }
        guard let json = try? JSONValue(parsing: [UInt8](bytes.readableBytesView)), let members = json.object else {
            throw ManagementError.badRequest("not_json")
        }
        return members
    }

    /// A truth value in a body; RabbitMQ takes the words as well.
    static func flag(_ value: JSONValue?, default standard: Bool) throws(ManagementError) -> Bool {
        switch value {
        case nil, .null: return standard
        case .bool(let flag): return flag
        case .string("true"): return true
        case .string("false"): return false
        case .some(let other): throw .badRequest(["not_boolean", other])
        }
    }

    /// A table in a body.
    static func table(_ value: JSONValue?) throws(ManagementError) -> FieldTable {
        guard let value, value != .null, value != [] else { return [:] }
        guard let members = value.object else { throw .badRequest(["not_an_object", value]) }
        guard members.keys.allSatisfy({ $0.utf8.count <= 255 }) else { throw .badRequest("a name is too long") }
        return FieldTable(members)
    }

    /// A text in a body that becomes a short string on the wire.
    static func text(_ value: JSONValue?, _ name: String) throws(ManagementError) -> String {
        guard let value, value != .null else { return "" }
        guard let text = value.string, text.utf8.count <= 255 else {
            throw .badRequest(["not_a_string", .string(name)])
        }
        return text
    }

    /// Throws 400 where members are missing, all of them at once.
    static func require(_ names: [String], in body: [String: JSONValue]) throws(ManagementError) {
        let missing = names.filter { body[$0] == nil }
        guard missing.isEmpty else {
            let terms = missing.map { "{key_missing,\($0)}" }
            // As Erlang prints a list: on one line while it fits.
            let line = terms.joined(separator: ",")
            throw .badRequest(.string("[" + (line.count < 70 ? line : terms.joined(separator: ",\n ")) + "]"))
        }
    }

    /// Whether the query asks for it.
    func asks(_ name: String) throws -> Bool { try QueryItems(request)[name] == "true" }

    /// Does something as the user would over AMQP. Throws what the broker refuses.
    func fromBehind<Result: Sendable>(
        vhost: String,
        _ body: (ChannelFromBehind, inout Broker) throws(ProtocolError) -> Result
    ) throws(ManagementError) -> Result {
        guard hub.inventory().virtualHosts.contains(vhost) else { throw .notFound("vhost_not_found") }
        do throws(ProtocolError) {
            return try hub.fromBehind(vhost: vhost, user: user, body)
        } catch {
            throw ManagementError(error)
        }
    }
}
