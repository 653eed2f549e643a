import JSON

/// What becomes of a reply that the hub does not take (docs/protocol.md §4).
enum RefusedReplyChecks {
    static let all = [
        Check(
            "ack.refused-reply",
            "A reply that the hub refuses is published again, or its request is given back",
            .core,
            ["HUB-ACK-010"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let queue = try await check.replyQueue()
            await inside.refuse(.toQueue(queue), count: 1)
            defer { inside.endTrouble() }
            let question = Question("create_image", check.newID(), check.imageData())
            let reply: Received
            do {
                reply = try await check.ask(question)
            } catch let failure as CheckFailure where failure.reason == "reply.missing" {
                throw CheckFailure(
                    "reply.lost-when-refused",
                    "the hub refused a reply (basic.nack) once: it was not published again, and the request did not come "
                        + "back to be answered"
                )
            }
            try check.success(reply, "create_image whose reply the hub refused once")
        }
    ]
}
