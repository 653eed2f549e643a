import HubProtocol

extension HubMessage {
    /// A request with its properties as contract §3 has them.
    init<Waiter>(
        _ publication: RequestTable<Waiter>.Publication,
        appID: String,
        timestampSeconds: UInt64
    ) {
        let request = publication.request
        self.init(
            body: request.body,
            contentType: Topology.contentType,
            isPersistent: true,
            messageID: request.operationID,
            correlationID: request.operationID,
            replyTo: publication.replyTo,
            type: Topology.Key.request,
            appID: appID,
            timestampSeconds: timestampSeconds,
            expirationMs: publication.expirationMs,
            headers: ["event_type": .string(Topology.Key.request)]
        )
        if let traceparent = request.traceparent { headers["traceparent"] = .string(traceparent) }
        if let tracestate = request.tracestate { headers["tracestate"] = .string(tracestate) }
    }
}
