import AMQP
import HubSim
import JSON

/// A message's properties as the management API writes and reads them.
extension JSONValue {
    /// An object with what is set; an empty *array* where nothing is, as RabbitMQ has it.
    init(_ properties: BasicProperties) {
        var members: [String: JSONValue] = [:]
        members["content_type"] = properties.contentType.map(JSONValue.string)
        members["content_encoding"] = properties.contentEncoding.map(JSONValue.string)
        members["headers"] = properties.headers.map { JSONValue($0) }
        members["delivery_mode"] = properties.deliveryMode.map { .integer(Int64($0)) }
        members["priority"] = properties.priority.map { .integer(Int64($0)) }
        members["correlation_id"] = properties.correlationID.map(JSONValue.string)
        members["reply_to"] = properties.replyTo.map(JSONValue.string)
        members["expiration"] = properties.expiration.map(JSONValue.string)
        members["message_id"] = properties.messageID.map(JSONValue.string)
        members["timestamp"] = properties.timestamp.map { .integer(Int64(clamping: $0)) }
        members["type"] = properties.type.map(JSONValue.string)
        members["user_id"] = properties.userID.map(JSONValue.string)
        members["app_id"] = properties.appID.map(JSONValue.string)
        members["cluster_id"] = properties.clusterID.map(JSONValue.string)
        self = members.isEmpty ? [] : .object(members)
    }
}

extension BasicProperties {
    /// Reads them from JSON. Throws 400 where one is of another type than AMQP gives it, or does not fit.
    init(_ json: JSONValue) throws(ManagementError) {
        self.init()
        // An empty array is what the API itself writes for none.
        guard json != [] else { return }
        guard let members = json.object else { throw .badRequest("not_json_object: properties") }
        var reader = PropertyReader(members: members)
        contentType = try reader.text("content_type")
        contentEncoding = try reader.text("content_encoding")
        correlationID = try reader.text("correlation_id")
        replyTo = try reader.text("reply_to")
        expiration = try reader.text("expiration")
        messageID = try reader.text("message_id")
        type = try reader.text("type")
        userID = try reader.text("user_id")
        appID = try reader.text("app_id")
        clusterID = try reader.text("cluster_id")
        deliveryMode = try reader.number("delivery_mode", most: 255).map { UInt8($0) }
        priority = try reader.number("priority", most: 255).map { UInt8($0) }
        timestamp = try reader.number("timestamp", most: .max).map { UInt64($0) }
        if let value = reader.take("headers") {
            guard let headers = value.object else { throw .badRequest(["unacceptable_type", "headers"]) }
            self.headers = try ManagementRequest.table(of: headers, "headers")
        }
        if let unknown = reader.members.keys.sorted().first {
            throw .badRequest(["unknown_property", .string(unknown)])
        }
    }
}

/// Takes one property after the other out of an object.
private struct PropertyReader {
    var members: [String: JSONValue]

    mutating func take(_ name: String) -> JSONValue? {
        guard let value = members.removeValue(forKey: name), value != .null else { return nil }
        return value
    }

    mutating func text(_ name: String) throws(ManagementError) -> String? {
        guard let value = take(name) else { return nil }
        // Short strings on the wire (AMQP 0-9-1 §4.2.5.3).
        guard let text = value.string, WireText.fits(text) else {
            throw .badRequest(["unacceptable_value", .string(name)])
        }
        return text
    }

    mutating func number(_ name: String, most: Int64) throws(ManagementError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer, (0...most).contains(number) else {
            throw .badRequest(["unacceptable_value", .string(name)])
        }
        return number
    }
}
