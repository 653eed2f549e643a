import AMQP
import FoundationEssentials
import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import SimulatorAdmin

/// `/_sim/hub/queues/…` and `/_sim/hub/publish`: messages looked at where they lie, who holds what, and a publish from
/// behind.
struct HubInsideController: Sendable {
    /// Messages in one answer, and how many come where the request does not say.
    private static let messagesMax = 1000
    private static let messagesDefault = 100
    /// Bytes of a body that are shown.
    private static let bodyBytesShown = 64 << 10

    let hub: HubSim

    func addRoutes(to routes: inout RouteTable) {
        routes.get("/_sim/hub/queues/{vhost}/{queue}/messages") { request, context in
            try answer(request, context) { hub.readyMessages(in: $0, vhost: $1, most: $2) }
        }
        routes.get("/_sim/hub/queues/{vhost}/{queue}/unacked") { request, context in
            try answer(request, context) { hub.heldMessages(of: $0, vhost: $1, most: $2) }
        }
        routes.post("/_sim/hub/publish", use: publish)
    }

    private func answer(
        _ request: Request,
        _ context: ServingContext,
        _ messages: (_ queue: String, _ vhost: String, _ most: Int) -> [HeldMessage]?
    ) throws -> Response {
        let limit = try AdminRequest.integer(
            "limit",
            in: 1...Self.messagesMax,
            default: Self.messagesDefault,
            try QueryItems(request)
        )
        guard let found = messages(context.parameter("queue"), context.parameter("vhost"), limit) else {
            throw APIError(.notFound, "NOT_FOUND", "There is no such queue.")
        }
        return JSONResponse(["messages": .array(found.map(Self.json))]).response
    }

    private static func json(_ held: HeldMessage) -> JSONValue {
        let message = held.message
        var members: [String: JSONValue] = [
            "position": .integer(Int64(clamping: held.position)), "exchange": .string(message.exchange),
            "routing_key": .string(message.routingKey), "redelivered": .bool(held.isRedelivered),
            "priority": .integer(Int64(held.priority)), "payload_bytes": .integer(Int64(message.body.count)),
            "properties": JSONValue(message.properties),
            "expires_in_ms": held.expiresInMs.map(JSONValue.integer) ?? .null,
        ]
        members.merge(PayloadEncoding.auto.payload(message.body.prefix(bodyBytesShown))) { first, _ in first }
        if let holder = held.holder {
            members["holder"] = [
                "connection_id": .integer(Int64(clamping: holder.connection)),
                "connection": .string(holder.connectionName), "channel": .integer(Int64(holder.channel)),
                "consumer_tag": holder.consumerTag.map(JSONValue.string) ?? .null,
                "delivery_tag": .integer(Int64(clamping: holder.deliveryTag)), "held_ms": .integer(holder.heldMs),
            ]
        }
        return .object(members)
    }

    /// `{"exchange", "routing_key", "payload", "payload_encoding"?, "properties"?, "vhost"?}`: to how many queues it went
    /// is the answer.
    @Sendable private func publish(_ request: Request, _ context: ServingContext) async throws -> Response {
        let json = try await JSONBody.read(request, bytesMax: AdminLimits.bodyBytesMax)
        guard let body = json.object else { throw APIError.invalid("body", "body", "must be an object") }
        var fields = FieldReader(body)
        let exchange = fields.requiredName("exchange")
        let key = fields.requiredName("routing_key")
        let vhost = fields.name("vhost") ?? "/"
        let text = fields.string("payload", length: 0...Int.max)
        let encoding = fields.optionalString("payload_encoding", length: 1...20) ?? "string"
        let bytes = encoding == "base64" ? Data(base64Encoded: text).map { [UInt8]($0) } : Array(text.utf8)
        if bytes == nil { fields.report("payload", "must be base64") }
        if encoding != "base64", encoding != "string" { fields.report("payload_encoding", "must be string or base64") }
        var properties = BasicProperties()
        do {
            properties = try BasicProperties(body["properties"] ?? [:])
        } catch {
            fields.report("properties", "is not understood: \(String(decoding: error.reason.encoded(), as: UTF8.self))")
        }
        do {
            try fields.finish()
        } catch {
            throw APIError.invalid(error)
        }
        let message = Message(exchange: exchange, routingKey: key, properties: properties, body: bytes ?? [])
        do throws(ProtocolError) {
            let count = try hub.insert(message, vhost: vhost)
            return JSONResponse(["queues": .integer(Int64(count))]).response
        } catch {
            throw APIError(
                .conflict,
                "REFUSED",
                "The hub refused the message.",
                details: ["reply_code": .integer(Int64(error.code.rawValue)), "reply_text": .string(error.replyText)]
            )
        }
    }
}

extension FieldReader {
    /// The same where it must be there; it may be empty.
    fileprivate mutating func requiredName(_ key: String) -> String {
        if value(key) == nil { report(key, "is missing") }
        return name(key) ?? ""
    }

    /// A text that becomes a short string on the wire; may be absent.
    fileprivate mutating func name(_ key: String) -> String? {
        let text = optionalString(key, length: 0...Int.max)
        if let text, !WireText.fits(text) { report(key, "must have at most \(WireText.octetsMax) octets") }
        return text
    }
}
