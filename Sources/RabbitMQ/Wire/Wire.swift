import CRabbitMQ
import MessageHub

/// One AMQP connection as bytes and frames: librabbitmq behind the shim. Owned by one thread.
///
/// What is sent is gathered and leaves with `flush`; nothing here waits but `wait`.
struct Wire: ~Copyable {
    static let publishChannel: UInt16 = 1
    static let controlChannel: UInt16 = 2
    static let firstConsumerChannel: UInt16 = 3

    private let connection: OpaquePointer
    private let headersMax: Int
    private var strings = StringBlock()
    private var headers: [crmq_outgoing_header] = []

    /// Connects, logs in and opens the two channels that are always there. Blocks, within the options' time-outs.
    init(_ endpoint: HubEndpoint, _ options: RabbitMQOptions) throws(HubError) {
        let tls = endpoint.tls
        let texts = [
            endpoint.host, endpoint.user, endpoint.password, endpoint.vhost, options.product, options.version,
            options.connectionName, tls.flatMap { $0.caFile ?? ($0.verifiesPeer ? TrustStore.system : nil) },
            tls?.certificateFile, tls?.keyFile,
        ]
        var failure = crmq_failure()
        let opened = StringBlock.withCStrings(texts) { texts in
            var wanted = crmq_options()
            wanted.host = texts[0]
            wanted.user = texts[1]
            wanted.password = texts[2]
            wanted.vhost = texts[3]
            wanted.product = texts[4]
            wanted.version = texts[5]
            wanted.connection_name = texts[6]
            wanted.ca_file = texts[7]
            wanted.cert_file = texts[8]
            wanted.key_file = texts[9]
            wanted.port = Int32(endpoint.port)
            wanted.is_tls = tls == nil ? 0 : 1
            wanted.verify_peer = tls?.verifiesPeer == false ? 0 : 1
            wanted.connect_timeout_ms = Int32(clamping: endpoint.connectTimeoutMs ?? options.connectTimeoutMs)
            wanted.handshake_timeout_ms = Int32(clamping: options.handshakeTimeoutMs)
            wanted.send_timeout_ms = Int32(clamping: options.sendTimeoutMs)
            wanted.heartbeat_s = Int32(clamping: endpoint.heartbeatS ?? options.heartbeatS)
            return crmq_open(&wanted, Wire.publishChannel, Wire.controlChannel, &failure)
        }
        guard let opened else { throw HubError(failure, at: endpoint) }
        connection = opened
        headersMax = options.limits.headersMax
    }

    deinit { crmq_free(connection) }

    /// What was agreed on, in seconds; 0 for none.
    var heartbeatS: Int { Int(crmq_heartbeat_s(connection)) }
    var channelMax: Int { Int(crmq_channel_max(connection)) }
    /// Bytes that wait to be sent.
    var unsentBytes: Int { crmq_unsent(connection) }
    /// Bytes that left since the connection was opened.
    var sentBytes: UInt64 { crmq_sent(connection) }
    /// Whether `next` may have a frame although the socket shows nothing.
    var mayHaveBuffered: Bool { crmq_has_buffered(connection) != 0 }

    /// The time of a clock that never goes back.
    static var nowMs: Int64 { crmq_now_ms() }

    struct Events {
        var isReadable: Bool
        var isWritable: Bool
    }

    /// Waits for the hub, for room to send, or for the wake-up; at most so long, without end where negative.
    func wait(_ wakeup: Wakeup, timeoutMs: Int32) throws(HubError) -> Events {
        let events = try check(crmq_wait(connection, wakeup.descriptor, timeoutMs))
        return Events(
            isReadable: Int(events) & CRMQ_READABLE != 0,
            isWritable: Int(events) & CRMQ_WRITABLE != 0
        )
    }

    /// The next frame that has arrived; `nil` for none.
    func next() throws(HubError) -> WireFrame? {
        var frame = crmq_frame()
        guard try check(crmq_next(connection, &frame)) == 1 else { return nil }
        return WireFrame(frame, headersMax: headersMax) { crmq_header_at(connection, $0, &$1) == 1 }
    }

    /// Sends what the socket takes.
    func flush() throws(HubError) { _ = try check(crmq_flush(connection)) }

    @discardableResult
    private func check(_ status: Int32) throws(HubError) -> Int32 {
        if status < 0 { throw HubError(status: status) }
        return status
    }
}

extension Wire {
    /// Takes a message for sending. `false`: its properties do not fit into a frame, and nothing of it was taken.
    mutating func publish(_ message: HubMessage, to address: HubAddress, mandatory: Bool) throws(HubError) -> Bool {
        strings.removeAll()
        headers.removeAll(keepingCapacity: true)
        var outgoing = crmq_message()
        outgoing.exchange = strings.add(address.exchange)
        outgoing.routing_key = strings.add(address.routingKey)
        outgoing.content_type = strings.add(message.contentType)
        outgoing.message_id = strings.add(message.messageID)
        outgoing.correlation_id = strings.add(message.correlationID)
        outgoing.reply_to = strings.add(message.replyTo)
        outgoing.type = strings.add(message.type)
        outgoing.app_id = strings.add(message.appID)
        outgoing.expiration = strings.add(message.expirationMs.map(String.init))
        outgoing.is_mandatory = mandatory ? 1 : 0
        outgoing.delivery_mode = message.isPersistent ? 2 : 1
        if let seconds = message.timestampSeconds {
            outgoing.has_timestamp = 1
            outgoing.timestamp = seconds
        }
        for (key, value) in message.headers { headers.append(crmq_outgoing_header(key, value, &strings)) }

        let connection = connection
        let status = strings.bytes.withUnsafeBufferPointer { strings in
            headers.withUnsafeBufferPointer { headers in
                message.body.withUnsafeBufferPointer { body in
                    outgoing.strings = strings.baseAddress
                    outgoing.strings_count = strings.count
                    outgoing.headers = headers.baseAddress
                    outgoing.header_count = Int32(headers.count)
                    outgoing.body = body.baseAddress
                    outgoing.body_count = body.count
                    return crmq_publish(connection, Wire.publishChannel, &outgoing)
                }
            }
        }
        if Int(status) == CRMQ_INVALID { return false }
        try check(status)
        return true
    }

    func acknowledge(channel: UInt16, tag: UInt64) throws(HubError) {
        try check(crmq_ack(connection, channel, tag))
    }

    func reject(channel: UInt16, tag: UInt64, requeue: Bool) throws(HubError) {
        try check(crmq_reject(connection, channel, tag, requeue ? 1 : 0))
    }

    func heartbeat() throws(HubError) { try check(crmq_heartbeat(connection)) }

    func openChannel(_ channel: UInt16) throws(HubError) { try check(crmq_channel_open(connection, channel)) }

    func closeChannel(_ channel: UInt16) throws(HubError) { try check(crmq_channel_close(connection, channel)) }

    func confirmChannelClose(_ channel: UInt16) throws(HubError) {
        try check(crmq_channel_close_ok(connection, channel))
    }

    func confirmFlow(channel: UInt16, isActive: Bool) throws(HubError) {
        try check(crmq_flow_ok(connection, channel, isActive ? 1 : 0))
    }

    /// Reply code 200 is AMQP's word for an orderly end.
    func close() throws(HubError) { try check(crmq_connection_close(connection, 200, "closed by the client")) }

    func confirmClose() throws(HubError) { try check(crmq_connection_close_ok(connection)) }

    func declareExchange(_ exchange: ExchangeDeclaration) throws(HubError) {
        let flags = exchange.isDurable ? Int32(CRMQ_DURABLE) : 0
        try check(
            crmq_exchange_declare(connection, Wire.controlChannel, exchange.name, exchange.kind.rawValue, flags)
        )
    }

    func declareQueue(_ queue: QueueDeclaration) throws(HubError) {
        var flags = 0
        if queue.isPassive { flags |= CRMQ_PASSIVE }
        if queue.isDurable { flags |= CRMQ_DURABLE }
        if queue.isExclusive { flags |= CRMQ_EXCLUSIVE }
        if queue.isAutoDelete { flags |= CRMQ_AUTO_DELETE }
        try check(crmq_queue_declare(connection, Wire.controlChannel, queue.name, Int32(flags)))
    }

    func bind(queue: String, exchange: String, routingKey: String) throws(HubError) {
        try check(crmq_queue_bind(connection, Wire.controlChannel, queue, exchange, routingKey))
    }

    func setPrefetch(_ prefetch: Int, channel: UInt16) throws(HubError) {
        try check(crmq_qos(connection, channel, UInt16(clamping: prefetch)))
    }

    func consume(queue: String, channel: UInt16) throws(HubError) {
        try check(crmq_consume(connection, channel, queue))
    }
}

extension crmq_outgoing_header {
    fileprivate init(_ key: String, _ value: HubHeaderValue, _ strings: inout StringBlock) {
        self.init()
        self.key = strings.add(key)
        switch value {
        case .string(let text):
            kind = Int32(CRMQ_HEADER_STRING)
            string = strings.add(text)
        case .integer(let number):
            kind = Int32(CRMQ_HEADER_INTEGER)
            integer = number
        case .bool(let flag):
            kind = Int32(CRMQ_HEADER_BOOL)
            integer = flag ? 1 : 0
        }
    }
}
