import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes in what becomes of a delivery.
    static let ofAcknowledgement: [StorageMode] = [
        .broken(
            "acknowledges-on-arrival",
            breaks: "HUB-ACK-001",
            "Consumes with `no_ack`: a request is gone before its reply is there.",
            AcknowledgesOnArrival()
        ),
        .broken(
            "never-acknowledges",
            breaks: "HUB-ACK-002",
            "Forgets to acknowledge: every request comes again on the next connection.",
            isSlow: true,
            NeverAcknowledges()
        ),
        .broken(
            "ignores-redeliveries",
            breaks: "HUB-ACK-003",
            "Drops a request that is marked as redelivered: it must have been worked on before.",
            AlteredDeliveries { delivery, line in
                guard delivery.isRedelivered, !delivery.isQuery else { return delivery }
                await line.drop(delivery)
                return nil
            }
        ),
        .broken(
            "requeues-when-the-reply-queue-is-gone",
            breaks: "HUB-ACK-004",
            "Gives a request back whose reply queue is gone, and so for ever.",
            isSlow: true,
            RequeuesUnroutable()
        ),
        .broken(
            "requeues-the-unreadable",
            breaks: "HUB-ACK-005",
            "Rejects a body that is no JSON with `requeue`, and so for ever.",
            isSlow: true,
            AlteredDeliveries { delivery, line in
                guard !delivery.isQuery, (try? JSONValue(parsing: delivery.message.body)) == nil else {
                    return delivery
                }
                // Round and round it goes; not so fast that nothing else does.
                await line.pause(.milliseconds(20))
                try? await line.connection.reject(delivery, requeue: true)
                return nil
            }
        ),
        .broken(
            "silent-to-no-request",
            breaks: "HUB-ACK-006",
            "Logs a body that is no request and answers nothing.",
            isSlow: true,
            AlteredDeliveries { delivery, line in
                guard !delivery.isQuery, delivery.request == nil else { return delivery }
                await line.drop(delivery)
                return nil
            }
        ),
        .broken(
            "unread-operation-id-empty",
            breaks: "HUB-ACK-007",
            "Answers a body without an operation id under the empty one.",
            AlteredPublications(.reply) { publication in
                publication.changeBody { if $0["operation_id"] == .null { $0["operation_id"] = "" } }
            }
        ),
        .broken(
            "refused-reply-is-dropped",
            breaks: "HUB-ACK-010",
            "Acknowledges a request whose reply the hub refuses (`basic.nack`), as if it had been confirmed.",
            RefusedPublicationIsLost(.reply)
        ),
        .broken(
            "answers-the-unreadable-on-the-exchange",
            breaks: "HUB-ACK-008",
            "Answers a body that is no JSON and has no `reply_to` on the exchange.",
            AnswersUnreadable()
        ),
    ]
}

private struct AcknowledgesOnArrival: Conduct {
    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        if !delivery.isQuery { await line.drop(delivery) }
        return delivery
    }

    func acknowledge(_ delivery: HubDelivery, on line: Line) async throws(HubError) {
        if delivery.isQuery { try await line.connection.acknowledge(delivery) }
    }

    // It is not the hub's any more.
    func giveBack(_ delivery: HubDelivery, on line: Line) async throws(HubError) {}
}

private struct NeverAcknowledges: Conduct {
    // Who never acknowledges gets no further than this.
    func prefetch(_ count: Int) -> Int { Int(UInt16.max) }

    func acknowledge(_ delivery: HubDelivery, on line: Line) async throws(HubError) {
        if delivery.isQuery { try await line.connection.acknowledge(delivery) }
    }
}

private struct RequeuesUnroutable: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        do throws(HubError) {
            try await line.publish(publication)
        } catch {
            // What the hub may take another time goes back to the queue with its request.
            if case .returned = error { throw .nacked }
            throw error
        }
    }
}

private struct AnswersUnreadable: Conduct {
    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard !delivery.isQuery, delivery.message.replyTo == nil,
            (try? JSONValue(parsing: delivery.message.body)) == nil
        else { return delivery }
        let failure = StorageFailure(.validationError, "the body is no JSON")
        let message = HubMessage(
            body: StorageReply(operationID: nil, outcome: .failure(failure)).encoded(),
            contentType: Topology.contentType,
            type: Topology.Key.response
        )
        let address = HubAddress(exchange: line.exchange, routingKey: Topology.Key.response)
        // Where it fails, the connection has ended and the request comes again.
        try? await line.connection.publish(message, to: address, mandatory: false)
        await line.drop(delivery)
        return nil
    }
}
