import AMQP
import Octets

/// Why a message left its queue without being acknowledged; the words of `x-death`.
enum DeathReason: String {
    case rejected
    case expired
    case maxLength = "maxlen"
}

/// A message that is still to be sent to the dead-letter exchange of the queue it left.
struct DeadLetter {
    let message: Message
    let queue: Queue
    let reason: DeathReason
    /// Whether another dead letter was the cause of it.
    let isCaused: Bool
}

/// Dead-letter exchanges (RabbitMQ's `x-dead-letter-exchange`).
extension Broker {
    /// A message leaves its queue without being acknowledged: it is dead-lettered if the queue says so, else it is gone.
    mutating func discard(_ entry: QueuedMessage, from queue: Queue, _ reason: DeathReason) {
        queue.counters.dropped += 1
        guard queue.options.deadLetterExchange != nil else { return }
        if let left = deathsLeft {
            guard left > 0 else { return }
            deathsLeft = left - 1
        }
        let letter = DeadLetter(message: entry.message, queue: queue, reason: reason, isCaused: deathsLeft != nil)
        deadLetters.append(letter)
    }

    /// Sends what has gathered. Each message may kill another one. None can go round for ever, see `isCycle`; but ways
    /// that part and meet again can be more than there is time for, so what one command may cause has an end.
    mutating func workOffDeadLetters() {
        guard !deadLetters.isEmpty else { return }
        deathsLeft = limits.deathsCausedMax + 16 * deadLetters.count
        while let letter = deadLetters.popFirst() { send(letter) }
        deathsLeft = nil
    }

    private mutating func send(_ letter: DeadLetter) {
        let queue = letter.queue
        guard let name = queue.options.deadLetterExchange, let exchange = queue.host.exchanges[name] else { return }
        guard deaths(of: letter.message).count < limits.deathsMax else { return }
        let message = died(letter, exchange: name)
        // No frame could carry its headers to anyone.
        guard limits.frameBytesMax == 0 || message.content.wireBytes <= Int(limits.frameBytesMax) else { return }
        let keys = [message.routingKey] + message.additionalKeys
        if name.isEmpty {
            for key in keys where key.beginsExactly(with: DirectReply.addressPrefix) { deliverDirectReply(message) }
        }
        let found = search(from: exchange, keys: keys, headers: message.properties.headers, in: queue.host)
        if letter.isCaused, let left = deathsLeft {
            guard left >= found.queues.count else { return }
            deathsLeft = left - found.queues.count
        }
        let deaths = deaths(of: message)
        for target in found.queues where letter.reason == .rejected || !isCycle(target.name, deaths) {
            _ = put(message, into: target)
        }
    }

    private func deaths(of message: Message) -> [FieldTable] {
        guard believesDeaths(of: message) else { return [] }
        return message.properties.headers?["x-death"]?.array?.compactMap(\.table) ?? []
    }

    /// Whether `x-death` is the message's history, and not only something that a client published.
    private func believesDeaths(of message: Message) -> Bool {
        message.hasDied || configuration.personality.believesPublishedDeaths
    }

    /// Whether a message has been in the queue before and came round without anybody rejecting it: then it is dropped.
    private func isCycle(_ queue: String, _ deaths: [FieldTable]) -> Bool {
        guard let index = deaths.firstIndex(where: { $0["queue"] == .string(queue) }) else { return false }
        return deaths[...index].allSatisfy { $0["reason"]?.string != DeathReason.rejected.rawValue }
    }

    /// The message as it goes on: to the dead-letter exchange, without expiration, with its death written down.
    private func died(_ letter: DeadLetter, exchange: String) -> Message {
        let message = letter.message
        var properties = message.properties
        var headers = properties.headers ?? FieldTable()
        writeDown(letter, in: &headers)
        let newKey = letter.queue.options.deadLetterRoutingKey
        if newKey != nil { headers["CC"] = nil }
        properties.headers = headers
        properties.expiration = nil
        return Message(
            exchange: exchange,
            routingKey: newKey ?? message.routingKey,
            additionalKeys: newKey == nil ? message.additionalKeys : [],
            content: MessageProperties(properties),
            body: message.body,
            hasDied: true
        )
    }

    /// Writes into `x-death`: one entry for each queue and reason with a count, the latest first.
    private func writeDown(_ letter: DeadLetter, in headers: inout FieldTable) {
        let queue = letter.queue.name
        let reason = letter.reason.rawValue
        if !believesDeaths(of: letter.message) { headers["x-death"] = nil }
        var deaths = headers["x-death"]?.array ?? []
        var death: FieldTable
        let known = deaths.firstIndex {
            $0.table?["queue"] == .string(queue) && $0.table?["reason"]?.string == reason
        }
        if let known, let table = deaths.remove(at: known).table {
            death = table
            // The count may be a client's own: it begins at 1, and ends where integers do.
            let count = max(1, table["count"]?.integer ?? 1)
            death["count"] = .int64(count == .max ? .max : count + 1)
            death.sort()
        } else {
            death = newDeath(letter, headers)
            // RabbitMQ writes the first death down as it comes, and sorts every later one.
            if headers["x-death"]?.array != nil { death.sort() }
        }
        if headers["x-death"] == nil {
            headers["x-first-death-exchange"] = .string(letter.message.exchange)
            headers["x-first-death-queue"] = .string(queue)
            headers["x-first-death-reason"] = .string(reason)
        }
        if configuration.personality.tellsLastDeath {
            headers["x-last-death-exchange"] = .string(letter.message.exchange)
            headers["x-last-death-queue"] = .string(queue)
            headers["x-last-death-reason"] = .string(reason)
        }
        deaths.insert(.table(death), at: 0)
        headers["x-death"] = .array(deaths)
        headers.sort()
    }

    private func newDeath(_ letter: DeadLetter, _ headers: FieldTable) -> FieldTable {
        let copies = headers["CC"]?.array?.compactMap(\.string) ?? []
        var death: FieldTable = [
            "count": .int64(1),
            "reason": .string(letter.reason.rawValue),
            "queue": .string(letter.queue.name),
            "time": .timestamp(UInt64(max(0, wallSeconds))),
            "exchange": .string(letter.message.exchange),
            "routing-keys": .array(([letter.message.routingKey] + copies).map { .string($0) }),
        ]
        if let expiration = letter.message.properties.expiration { death["original-expiration"] = .string(expiration) }
        return death
    }

    private var wallSeconds: Int64 { configuration.wallSecondsAtStart + now.microseconds / 1_000_000 }
}

extension FieldTable {
    /// Puts the entries in the order of their names' octets, as RabbitMQ does with every table that it writes into.
    fileprivate mutating func sort() {
        entries.sort { $0.key.isExactly(before: $1.key) }
    }
}
