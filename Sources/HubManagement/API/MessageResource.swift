import AMQP
import FoundationEssentials
import HTTPServing
import HubSim
import Hummingbird
import JSON

/// `exchanges/…/publish` and `queues/…/get`.
enum MessageResource {
    /// Messages in one answer to `get`.
    static let countMax = 10_000
    /// Bytes of messages in one answer to `get`, their bodies as far as they are shown. It ends with the message that
    /// reaches it.
    static let bytesMax = 16 << 20

    static func add(to routes: inout ManagementAPI.Routes) {
        routes.post("/api/exchanges/{vhost}/{exchange}/publish", publish)
        routes.post("/api/queues/{vhost}/{queue}/get", get)
    }

    private static func publish(_ request: ManagementRequest) async throws -> Response {
        let body = try await request.body()
        try ManagementRequest.require(["routing_key", "properties", "payload", "payload_encoding"], in: body)
        let message = Message(
            exchange: request.exchangeName,
            routingKey: try ManagementRequest.text(body["routing_key"], "routing_key"),
            properties: try BasicProperties(body["properties"] ?? [:]),
            body: try payload(body)
        )
        return JSONResponse(["routed": .bool(try publish(message, request))]).response
    }

    private static func publish(_ message: Message, _ request: ManagementRequest) throws(ManagementError) -> Bool {
        do throws(ManagementError) {
            return try request.fromBehind(vhost: request.path("vhost")) { channel, broker throws(ProtocolError) in
                try channel.publish(message, &broker)
            }
        } catch {
            guard error.status == .notFound, let reason = error.reason.string, reason != "vhost_not_found" else {
                throw error
            }
            // What a publish closes its channel with, RabbitMQ's management passes on whole, and as 400.
            throw .badRequest(.string("404 NOT_FOUND - \(reason)"))
        }
    }

    private static func payload(_ body: [String: JSONValue]) throws(ManagementError) -> [UInt8] {
        guard let text = body["payload"]?.string else { throw .badRequest("payload_not_string") }
        switch body["payload_encoding"] {
        case .string("string"): return Array(text.utf8)
        case .string("base64"):
            guard let data = Data(base64Encoded: text) else { throw .badRequest(["not_base64", .string(text)]) }
            return [UInt8](data)
        case .some(let other): throw .badRequest(["unsupported_encoding", other])
        case nil: throw .badRequest("[{key_missing,payload_encoding}]")
        }
    }

    private static func get(_ request: ManagementRequest) async throws -> Response {
        let body = try await request.body()
        try ManagementRequest.require(["ackmode", "count", "encoding"], in: body)
        let mode = try mode(body["ackmode"])
        let encoding = try encoding(body["encoding"])
        guard let count = body["count"]?.integer ?? body["count"]?.string.flatMap({ Int64($0) }), count >= 0 else {
            throw ManagementError.badRequest(["not_integer", body["count"] ?? nil])
        }
        let truncate = (body["truncate"]?.integer ?? body["truncate"]?.string.flatMap { Int64($0) }).map {
            max(0, Int(clamping: $0))
        }
        let queue = request.path("queue")
        let fetched = try naming(request) { channel, broker throws(ProtocolError) in
            let fetched = try channel.get(
                queue,
                most: min(Int(clamping: count), countMax),
                bytesMax: bytesMax,
                bodyBytesMax: truncate ?? .max,
                &broker
            )
            guard let last = fetched.last?.method.deliveryTag else { return fetched }
            switch mode {
            case .keep:
                try channel.run(
                    .basicNack(BasicNack(deliveryTag: last, multiple: true, requeue: true)),
                    &broker
                )
            case .take: try channel.run(.basicAck(BasicAck(deliveryTag: last, multiple: true)), &broker)
            case .reject:
                try channel.run(
                    .basicNack(BasicNack(deliveryTag: last, multiple: true, requeue: false)),
                    &broker
                )
            }
            return fetched
        }
        return JSONResponse(
            .array(
                fetched.map { method, message in
                    Self.json(method, message, encoding, truncate: truncate)
                }
            )
        ).response
    }

    /// Fetching from a queue that is not there is told with the code's name.
    private static func naming<Result: Sendable>(
        _ request: ManagementRequest,
        _ body: (ChannelFromBehind, inout Broker) throws(ProtocolError) -> Result
    ) throws(ManagementError) -> Result {
        do throws(ManagementError) {
            return try request.fromBehind(vhost: request.path("vhost"), body)
        } catch {
            guard error.status == .notFound, let reason = error.reason.string, reason != "vhost_not_found" else {
                throw error
            }
            throw .notFound("NOT_FOUND - \(reason)")
        }
    }

    /// What becomes of messages that were fetched.
    private enum Mode { case keep, take, reject }

    private static func mode(_ value: JSONValue?) throws(ManagementError) -> Mode {
        switch value {
        case .string("ack_requeue_true"), .string("reject_requeue_true"): return .keep
        case .string("ack_requeue_false"): return .take
        case .string("reject_requeue_false"): return .reject
        default: throw .badRequest(["unsupported_ackmode", value ?? nil])
        }
    }

    private static func encoding(_ value: JSONValue?) throws(ManagementError) -> PayloadEncoding {
        guard let encoding = value?.string.flatMap(PayloadEncoding.init(rawValue:)) else {
            throw .badRequest("Unsupported encoding. Please use auto or base64.")
        }
        return encoding
    }

    private static func json(
        _ method: BasicGetOk,
        _ message: Message,
        _ encoding: PayloadEncoding,
        truncate: Int?
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "payload_bytes": .integer(Int64(message.body.count)), "redelivered": .bool(method.redelivered),
            "exchange": .string(method.exchange), "routing_key": .string(method.routingKey),
            "message_count": .integer(Int64(method.messageCount)), "properties": JSONValue(message.properties),
        ]
        members.merge(encoding.payload(message.body.prefix(truncate ?? message.body.count))) { first, _ in first
        }
        return .object(members)
    }
}

/// How bodies are told.
enum PayloadEncoding: String {
    /// As text where they are UTF-8, else as base64.
    case auto
    case base64

    /// The members `payload` and `payload_encoding`.
    func payload(_ bytes: ArraySlice<UInt8>) -> [String: JSONValue] {
        if self == .auto, let text = String(validating: bytes, as: UTF8.self) {
            return ["payload": .string(text), "payload_encoding": "string"]
        }
        return ["payload": .string(Data(bytes).base64EncodedString()), "payload_encoding": "base64"]
    }
}
