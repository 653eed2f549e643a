import HubProtocol
import JSON
import MessageHub

/// A delivery, read as far as it can be.
struct ReceivedRequest: Sendable {
    let delivery: HubDelivery
    let content: Result<StorageRequest, MalformedRequest>

    /// - Parameter bytesMax: a longer body is not read; the request counts as malformed.
    init(_ delivery: HubDelivery, bytesMax: Int) {
        self.delivery = delivery
        do throws(MalformedRequest) {
            guard delivery.message.body.count <= bytesMax else {
                let problem = FieldProblem(path: "body", message: "must have at most \(bytesMax) bytes")
                throw MalformedRequest(operationID: nil, problems: InvalidFields([problem]))
            }
            content = .success(try StorageRequest(parsing: delivery.message.body))
        } catch {
            content = .failure(error)
        }
    }

    /// The id that the reply carries; `nil` where none could be read.
    var operationID: String? {
        switch content {
        case .success(let request): request.operationID
        case .failure(let malformed): malformed.operationID
        }
    }

    /// The image that the request is about, where it names one.
    var imageID: String? {
        guard case .success(let request) = content else { return nil }
        return request.data["image_id"]?.string
    }

    /// Where the reply goes (contract §3): to `reply_to`, else to everybody who listens. A body that nobody could read
    /// and that names no queue has nowhere to be answered to.
    func replyAddress(exchange: String) -> HubAddress? {
        if let queue = delivery.message.replyTo, !queue.isEmpty { return .queue(queue) }
        guard operationID != nil else { return nil }
        return HubAddress(exchange: exchange, routingKey: Topology.Key.response)
    }

    /// The namespace that the request's header names; empty for the default one, which has no header. Throws for a header
    /// that names nothing: its sender means some namespace, and must not disturb the default one.
    func namespace() throws(NamespaceError) -> String {
        let message = delivery.message
        guard !message.otherHeaders.contains(StorageSpace.header) else { throw .invalid }
        guard let header = message.headers[StorageSpace.header] else { return "" }
        guard let name = header.string, !name.isEmpty else { throw .invalid }
        return name
    }

    /// The reply as a message.
    func reply(body: [UInt8], id: String, at time: Timestamp) -> HubMessage {
        HubMessage(
            body: body,
            contentType: Topology.contentType,
            isPersistent: true,
            messageID: id,
            correlationID: delivery.message.correlationID ?? operationID?.asCorrelationID,
            type: Topology.Key.response,
            appID: Topology.App.storageService,
            timestampSeconds: time.secondsSinceEpoch,
            headers: delivery.message.headers
                .filter { $0.key == "traceparent" || $0.key == StorageSpace.header }
                .merging(["event_type": .string(Topology.Key.response)]) { _, own in own }
        )
    }
}

extension String {
    /// The text as a `correlation_id`; `nil` where it is too long. An operation id has up to 255 characters, a short string
    /// up to 255 bytes (AMQP 0-9-1 §4.2.5.3); what decides in the end is the id in the body (contract §7).
    var asCorrelationID: String? { utf8.count <= 255 ? self : nil }
}
