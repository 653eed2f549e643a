import HubProtocol
import JSON

/// How requests are sent and their replies taken.
extension CheckContext {
    /// Sends a request and takes its reply: the message that names it, or, where none does, the next that nobody
    /// expects. So a reply with wrong ids is seen as that, and not as none.
    func ask(_ question: Question) async throws -> Received {
        let start = inbox.count
        let number = run.pace.sent()
        do {
            try await post(question)
        } catch {
            run.pace.ended(number, answered: nil)
            throw error
        }
        guard let reply = await reply(to: question, from: start, number: number) else {
            try Task.checkCancellation()
            run.found(reply: false)
            throw missing(question, "")
        }
        return reply
    }

    /// Whoever is only slow has to learn how to say so.
    private func missing(_ question: Question, _ what: String) -> CheckFailure {
        CheckFailure(
            "reply.missing",
            "no reply to \(question.operation)\(what) within --timeout-ms (for a service that is slow, raise it, or lower "
                + "--parallel)"
        )
    }

    func ask(_ operation: String, _ data: JSONValue, id: String? = nil) async throws -> Received {
        try await ask(Question(operation, id ?? newID(), data))
    }

    /// Takes the reply to a request that was sent.
    private func reply(to question: Question, from start: Int, number: Int) async -> Received? {
        let operationID = question.operationID
        let correlationID = question.correlationID
        let reply = await take(number, from: start) { received in
            if let id = received.operationID, id == operationID { return true }
            if let id = received.message.correlationID, id == correlationID { return true }
            // One to another request of ours, a second or a late one, is none to this.
            return !self.hasAsked(for: received)
        }
        if let reply { settled(question, reply) }
        return reply
    }

    /// Sends several requests before any is answered for, and takes the reply to each: the message that names it.
    func askTogether(_ questions: [Question]) async throws -> [Received] {
        // The queue is there before the first is sent.
        _ = try await replyQueue()
        let numbers = questions.map { _ in run.pace.sent() }
        defer { for number in numbers { run.pace.ended(number, answered: nil) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for question in questions { group.addTask { try await self.post(question) } }
            try await group.waitForAll()
        }
        var replies: [Received] = []
        for (question, number) in zip(questions, numbers) {
            let operationID = question.operationID
            guard let reply = await take(number, where: { $0.operationID == operationID }) else {
                try Task.checkCancellation()
                run.found(reply: false)
                throw missing(question, " that has its operation id")
            }
            settled(question, reply)
            replies.append(reply)
        }
        return replies
    }

    /// Takes a reply. The time for it begins anew whenever a request that was sent before is answered.
    private func take(
        _ number: Int,
        from start: Int = 0,
        where matches: @escaping @Sendable (Received) -> Bool
    ) async -> Received? {
        var since = run.time.now()
        while !Task.isCancelled {
            let left = since + run.timeout - run.time.now()
            if let reply = await inbox.take(from: start, within: max(.zero, left), where: matches) {
                run.pace.ended(number, answered: run.time.now())
                return reply
            }
            guard !inbox.isEnded, let progress = run.pace.progress(before: number), progress > since else { break }
            since = progress
        }
        run.pace.ended(number, answered: nil)
        return nil
    }

    /// Holds a reply to the rules for every reply, and books what it breaks for the check of the rule.
    func hold(_ question: Question, _ reply: Received) {
        for rule in ReplyRule.all {
            guard let failure = rule.failure(question, reply) else { continue }
            run.broken(rule, failure, by: checkID) { messages(of: question, reply) }
        }
    }

    /// A request and its reply, as they were sent and came.
    private func messages(of question: Question, _ reply: Received) -> [Evidence] {
        let all = evidence
        return [(Evidence.Way.sent, question.bytes), (.received, reply.message.body)].compactMap { way, body in
            let start = Array(body.prefix(Limits.evidenceBytesMax))
            return all.last { $0.way == way && $0.body == start }
        }
    }

    /// Books what a reply means for what there is.
    private func settled(_ question: Question, _ reply: Received) {
        run.found(reply: true)
        hold(question, reply)
        run.carriedOut(question, reply)
        run.effects.answered(question, reply)
        guard reply.isSuccess, let id = reply.data["id"]?.string else { return }
        switch question.operation {
        case "create_image": run.ledger.made(image: id, by: question.operationID)
        case "delete_image": run.ledger.deleted(image: id)
        default: break
        }
    }

    /// Another request, answered: whatever the service does in order, it has done before.
    func barrier() async throws { _ = try await ask(anything()) }

    /// A request that any service answers, and that changes nothing.
    func anything(id: String? = nil) -> Question {
        Question("get_image", id ?? newID(), about(unknownImage()))
    }

    /// Whether the service knows an operation, as far as it was asked before the checks.
    func knows(_ operation: String) -> Bool { run.knows(operation) }

    /// Whether new versions can be asked for, which name an asset (HUB-VER-010).
    var mayAddVersions: Bool { knows("create_image_version") && run.missing(.assets) == nil }
}
