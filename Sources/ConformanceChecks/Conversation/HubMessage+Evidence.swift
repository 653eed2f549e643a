import MessageHub

extension HubMessage {
    /// The properties and headers, as a report shows them.
    var fields: [Evidence.Field] {
        var fields: [Evidence.Field] = []
        func add(_ name: String, _ value: String?) {
            if let value { fields.append(Evidence.Field(name: name, value: value)) }
        }
        add("content_type", contentType)
        add("delivery_mode", isPersistent ? "2" : nil)
        add("message_id", messageID)
        add("correlation_id", correlationID)
        add("reply_to", replyTo)
        add("type", type)
        add("app_id", appID)
        add("timestamp", timestampSeconds.map { "\($0)" })
        add("expiration", expirationMs.map { "\($0)" })
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .string(let text): add("header \(name)", text)
            case .integer(let number): add("header \(name)", "\(number)")
            case .bool(let flag): add("header \(name)", "\(flag)")
            }
        }
        return fields
    }
}
