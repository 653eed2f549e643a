import HubProtocol
import JSON
import MessageHub

/// That the service goes on after whatever comes (docs/protocol.md §16).
enum OddMessageChecks {
    static let all = [
        Check(
            "service.goes-on",
            "The service goes on after any body, property and header",
            .core,
            ["HUB-FLT-003"],
            company: .last
        ) { check in
            for (what, body) in bodies {
                var question = Question("odd", check.newID(), [:])
                question.body = body
                question.isWrong = true
                try await goesOn(check, after: what, question) { $0.contentType = Topology.contentType }
            }
            for (what, change) in properties { try await goesOn(check, after: what, check.anything(), change) }
        }
    ]

    private static let bodies: [(what: String, body: [UInt8])] = [
        (
            "a body of 5000 arrays within each other",
            Array((String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)).utf8)
        ),
        ("fields of other types in the body", Array(#"{"operation_id":{},"operation":[],"data":7}"#.utf8)),
        (
            "an image_id of 1e999 in the body",
            Array(#"{"operation":"get_image","operation_id":"\u0000","data":{"image_id":1e999}}"#.utf8)
        ),
        (
            "half a surrogate pair in the body",
            Array(#"{"operation":"get_image","operation_id":"\udc00","data":{"image_id":"\ud800"}}"#.utf8)
        ),
        ("a body of 1000 zero bytes", [UInt8](repeating: 0, count: 1000)),
        ("a byte order mark before the body", Array("\u{FEFF}{}".utf8)),
    ]

    private static let properties: [(what: String, change: @Sendable (inout HubMessage) -> Void)] = [
        ("the content_type 'text/x-odd; charset=\"none'", { $0.contentType = "text/x-odd; charset=\"none" }),
        ("a message_id of 255 characters", { $0.messageID = String(repeating: "m", count: 255) }),
        ("an empty correlation_id", { $0.correlationID = "" }),
        ("a reply_to of 255 characters, which no queue has", { $0.replyTo = String(repeating: "q", count: 255) }),
        ("the type 'no such type'", { $0.type = "no such type" }),
        ("an app_id of 100 letters é", { $0.appID = String(repeating: "é", count: 100) }),
        ("the property timestamp 9223372036854775807", { $0.timestampSeconds = .max >> 1 }),
        ("the header event_type -9223372036854775808", { $0.headers["event_type"] = .integer(.min) }),
        ("the header traceparent false", { $0.headers["traceparent"] = .bool(false) }),
    ]

    /// Sends one message that is odd in one thing, and asks whether anybody is there. Whatever it is answered itself is
    /// somebody else's matter.
    private static func goesOn(
        _ check: CheckContext,
        after what: String,
        _ question: Question,
        _ change: (inout HubMessage) -> Void
    ) async throws {
        // It goes away by itself: who dies of it must not die of it for ever.
        var message = try question.message(
            replyTo: try await check.replyQueue(),
            timeoutMs: check.run.options.timeoutMs,
            now: check.run.time.timestamp()
        )
        change(&message)
        var odd = question
        odd.correlationID = message.correlationID
        check.noteAsked(odd)
        let address = HubAddress(exchange: check.session.topology.exchange, routingKey: Topology.Key.request)
        try await check.publish(message, to: address)
        do {
            try await check.barrier()
        } catch is CheckFailure {
            throw CheckFailure(
                "service.stopped",
                "after a message with \(what) nothing is answered any more, a get_image neither",
                expected: "an answer to the next request",
                actual: "none within --timeout-ms"
            )
        }
    }
}
