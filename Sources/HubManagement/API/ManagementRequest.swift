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

    /// All of the hub now. What needs only a part of it asks the hub for that.
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
        return try table(of: members, "arguments")
    }

    /// A table that a frame can carry. Throws 400 where none can.
    static func table(of members: [String: JSONValue], _ name: String) throws(ManagementError) -> FieldTable {
        let table = FieldTable(members)
        if let problem = table.problemOnTheWire { throw .badRequest(.string("\(name) \(problem)")) }
        return table
    }

    /// A text in a body that becomes a short string on the wire.
    static func text(_ value: JSONValue?, _ name: String) throws(ManagementError) -> String {
        guard let value, value != .null else { return "" }
        guard let text = value.string, WireText.fits(text) else {
            throw .badRequest(["not_a_string", .string(name)])
        }
        return text
    }

    /// Throws 400 where the path names something by more octets than a name has on the wire.
    func requireNamesThatFit() throws(ManagementError) {
        for parameter in ["vhost", "exchange", "queue", "destination", "user"] {
            guard let name = context.pathParameters[parameter], !WireText.fits(name) else { continue }
            throw .badRequest(.string("\(parameter) has a name of more than \(WireText.octetsMax) octets"))
        }
    }

    /// The name of the vhost that the path names. Throws 404 where there is none.
    func virtualHost() throws(ManagementError) -> String {
        let name = path("vhost")
        guard hub.hasVirtualHost(name) else { throw .notFound }
        return name
    }

    /// The queue that the path names, as all of a view. Throws 404 where it is not there.
    func queueView() throws(ManagementError) -> ManagementView {
        guard let inventory = hub.inventory(ofQueue: path("queue"), vhost: path("vhost")) else { throw .notFound }
        return ManagementView(inventory, rates)
    }

    /// The exchange that the path names, as all of a view. Throws 404 where it is not there.
    func exchangeView() throws(ManagementError) -> ManagementView {
        guard let inventory = hub.inventory(ofExchange: exchangeName, vhost: path("vhost")) else { throw .notFound }
        return ManagementView(inventory, rates)
    }

    /// Throws 401 where the user is no administrator.
    func requireAdministrator() throws(ManagementError) {
        guard hub.isAdministrator(user) else { throw .refused("Not administrator user") }
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
        guard hub.hasVirtualHost(vhost) else { throw .notFound("vhost_not_found") }
        do throws(ProtocolError) {
            return try hub.fromBehind(vhost: vhost, user: user, body)
        } catch {
            throw ManagementError(error)
        }
    }
}
