// Each property has a flag, from bit 15 down, in the order of the specification's list (AMQP 0-9-1 §4.2.6.1). Bit 0
// says that another 16 flags follow. Class basic has 14 properties, so that is never needed; RabbitMQ looks at neither bit.

extension BasicProperties {
    /// Decodes property flags and values, which must be all of `octets`.
    ///
    /// Throws `SYNTAX_ERROR` for values that are malformed and for octets left over, `FRAME_ERROR` for strings that are not
    /// UTF-8, and `RESOURCE_ERROR` for headers over the limits.
    public init(decoding octets: UnsafeRawBufferPointer, limits: Limits = .standard) throws(ProtocolError) {
        var reader = FieldReader(octets, limits: limits)
        let flags = try reader.short("property-flags")
        let contentType = flags & 0x8000 != 0 ? try reader.shortString("content-type") : nil
        let contentEncoding = flags & 0x4000 != 0 ? try reader.shortString("content-encoding") : nil
        let headers = flags & 0x2000 != 0 ? try reader.table("headers") : nil
        let deliveryMode = flags & 0x1000 != 0 ? try reader.octet("delivery-mode") : nil
        let priority = flags & 0x0800 != 0 ? try reader.octet("priority") : nil
        let correlationID = flags & 0x0400 != 0 ? try reader.shortString("correlation-id") : nil
        let replyTo = flags & 0x0200 != 0 ? try reader.shortString("reply-to") : nil
        let expiration = flags & 0x0100 != 0 ? try reader.shortString("expiration") : nil
        let messageID = flags & 0x0080 != 0 ? try reader.shortString("message-id") : nil
        let timestamp = flags & 0x0040 != 0 ? try reader.longLong("timestamp") : nil
        let type = flags & 0x0020 != 0 ? try reader.shortString("type") : nil
        let userID = flags & 0x0010 != 0 ? try reader.shortString("user-id") : nil
        let appID = flags & 0x0008 != 0 ? try reader.shortString("app-id") : nil
        let clusterID = flags & 0x0004 != 0 ? try reader.shortString("cluster-id") : nil
        try reader.expectEnd()
        self.init(
            contentType: contentType,
            contentEncoding: contentEncoding,
            headers: headers,
            deliveryMode: deliveryMode,
            priority: priority,
            correlationID: correlationID,
            replyTo: replyTo,
            expiration: expiration,
            messageID: messageID,
            timestamp: timestamp,
            type: type,
            userID: userID,
            appID: appID,
            clusterID: clusterID
        )
    }

    /// Decodes property flags and values that were kept as an array, as ``ContentHeaderView`` advises.
    public init(decoding octets: [UInt8], limits: Limits = .standard) throws(ProtocolError) {
        self = try octets.withUnsafeBufferPointer { octets throws(ProtocolError) in
            try BasicProperties(decoding: UnsafeRawBufferPointer(octets), limits: limits)
        }
    }

    /// Property flags and values as they go into a header frame.
    ///
    /// Throws if a string has more than 255 octets.
    public func encoded() throws(ProtocolError) -> [UInt8] {
        var writer = FieldWriter()
        try encode(to: &writer)
        return writer.withUnsafeBytes { Array($0) }
    }

    /// Writes property flags and values.
    func encode(to writer: inout FieldWriter) throws(ProtocolError) {
        writer.short(flags)
        if let contentType { try writer.shortString(contentType, "content-type") }
        if let contentEncoding { try writer.shortString(contentEncoding, "content-encoding") }
        if let headers { try writer.table(headers, "headers") }
        if let deliveryMode { writer.octet(deliveryMode) }
        if let priority { writer.octet(priority) }
        if let correlationID { try writer.shortString(correlationID, "correlation-id") }
        if let replyTo { try writer.shortString(replyTo, "reply-to") }
        if let expiration { try writer.shortString(expiration, "expiration") }
        if let messageID { try writer.shortString(messageID, "message-id") }
        if let timestamp { writer.longLong(timestamp) }
        if let type { try writer.shortString(type, "type") }
        if let userID { try writer.shortString(userID, "user-id") }
        if let appID { try writer.shortString(appID, "app-id") }
        if let clusterID { try writer.shortString(clusterID, "cluster-id") }
    }

    private var flags: UInt16 {
        var flags: UInt16 = 0
        if contentType != nil { flags |= 0x8000 }
        if contentEncoding != nil { flags |= 0x4000 }
        if headers != nil { flags |= 0x2000 }
        if deliveryMode != nil { flags |= 0x1000 }
        if priority != nil { flags |= 0x0800 }
        if correlationID != nil { flags |= 0x0400 }
        if replyTo != nil { flags |= 0x0200 }
        if expiration != nil { flags |= 0x0100 }
        if messageID != nil { flags |= 0x0080 }
        if timestamp != nil { flags |= 0x0040 }
        if type != nil { flags |= 0x0020 }
        if userID != nil { flags |= 0x0010 }
        if appID != nil { flags |= 0x0008 }
        if clusterID != nil { flags |= 0x0004 }
        return flags
    }

    /// Writes the properties that are there for people to read.
    func describe(in line: inout TraceLine) {
        if let contentType { line.field("content-type", contentType) }
        if let contentEncoding { line.field("content-encoding", contentEncoding) }
        if let headers { line.field("headers", headers) }
        if let deliveryMode { line.field("delivery-mode", deliveryMode) }
        if let priority { line.field("priority", priority) }
        if let correlationID { line.field("correlation-id", correlationID) }
        if let replyTo { line.field("reply-to", replyTo) }
        if let expiration { line.field("expiration", expiration) }
        if let messageID { line.field("message-id", messageID) }
        if let timestamp { line.field("timestamp", timestamp) }
        if let type { line.field("type", type) }
        if let userID { line.field("user-id", userID) }
        if let appID { line.field("app-id", appID) }
        if let clusterID { line.field("cluster-id", clusterID) }
    }
}
