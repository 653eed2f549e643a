import AMQP

/// A channel without a client, open for as long as the hub is locked: what a manager does goes the same way as what a
/// client does, with the same checks and the same words of refusal.
package struct ChannelFromBehind: Sendable {
    private static let number: UInt16 = 1
    private let id: ConnectionID
    private let now: Instant

    /// What a message that was fetched came with.
    package typealias Fetched = (method: BasicGetOk, message: Message)

    fileprivate init(_ broker: inout Broker, _ profile: ConnectionProfile, at now: Instant) throws(ProtocolError) {
        self.now = now
        id = try broker.open(profile, at: now)
        try run(.method(id, channel: Self.number, .channelOpen), &broker)
    }

    /// Carries out a method. Throws what a client's channel or connection would be closed with.
    package func run(_ method: Method, _ broker: inout Broker) throws(ProtocolError) {
        try run(.method(id, channel: Self.number, method), &broker)
    }

    /// Publishes.
    /// - Returns: whether it reached a queue that took it.
    package func publish(_ message: Message, _ broker: inout Broker) throws(ProtocolError) -> Bool {
        try run(.method(id, channel: Self.number, .confirmSelect(ConfirmSelect())), &broker)
        var isRouted = true
        let publish = Command.publish(id, channel: Self.number, message, mandatory: true, immediate: false)
        for directive in try run(publish, &broker) {
            switch directive {
            case .giveBack, .refuse: isRouted = false
            default: break
            }
        }
        return isRouted
    }

    /// Fetches messages; they are unacknowledged until the channel ends, and go back then.
    /// - Parameters:
    ///   - most: how many messages.
    ///   - bytesMax: after the message that reaches it, no more are fetched.
    ///   - bodyBytesMax: how much of each body counts there.
    package func get(
        _ queue: String,
        most: Int,
        bytesMax: Int = .max,
        bodyBytesMax: Int = .max,
        _ broker: inout Broker
    ) throws(ProtocolError) -> [Fetched] {
        var fetched: [Fetched] = []
        var fetchedBytes = 0
        while fetched.count < most, fetchedBytes < bytesMax {
            // Nothing is on its way to anybody: what was fetched is not to hold up what follows.
            try run(.drained(id), &broker)
            let get = Method.basicGet(BasicGet(queue: queue))
            let answers = try run(.method(id, channel: Self.number, get), &broker)
            guard let answer = answers.compactMap(Self.fetched).first else { break }
            fetched.append(answer)
            let message = answer.message
            fetchedBytes += message.sizeBytes - max(0, message.body.count - bodyBytesMax)
        }
        return fetched
    }

    private static func fetched(_ directive: Directive) -> Fetched? {
        if case .answerGet(_, _, let method, let message) = directive { (method, message) } else { nil }
    }

    fileprivate func close(_ broker: inout Broker) {
        broker.apply(.closed(id), at: now)
    }

    /// - Returns: what the broker answers.
    @discardableResult
    private func run(_ command: Command, _ broker: inout Broker) throws(ProtocolError) -> [Directive] {
        broker.apply(command, at: now)
        broker.sayConfirms()
        let id = id
        let answers = broker.directives.filter { $0.connection == id }
        broker.directives.removeAll { $0.connection == id }
        for answer in answers {
            switch answer {
            case .closeChannel(_, _, let error), .closeConnection(_, let error): throw error
            default: continue
            }
        }
        return answers
    }
}

extension HubSim {
    /// Does something as a client of this user would, all at once. Throws what the client would be refused with.
    package func fromBehind<Result: Sendable>(
        vhost: String,
        user: String,
        _ body: (ChannelFromBehind, inout Broker) throws(ProtocolError) -> Result
    ) throws(ProtocolError) -> Result {
        var result: Swift.Result<Result, ProtocolError>?
        hub.change { broker, now in
            // A client that never was is counted nowhere.
            let before = broker.counters
            defer { broker.counters.takeChurn(of: before) }
            do throws(ProtocolError) {
                let profile = ConnectionProfile(user: user, virtualHost: vhost, name: "management")
                let channel = try ChannelFromBehind(&broker, profile, at: now)
                do throws(ProtocolError) {
                    result = .success(try body(channel, &broker))
                } catch {
                    result = .failure(error)
                }
                channel.close(&broker)
            } catch {
                result = .failure(error)
            }
        }
        guard let result else { preconditionFailure("Cannot leave the hub without a result") }
        return try result.get()
    }
}

extension BrokerCounters {
    /// Counts connections and channels as they were then.
    fileprivate mutating func takeChurn(of former: BrokerCounters) {
        connectionsOpened = former.connectionsOpened
        connectionsEnded = former.connectionsEnded
        channelsOpened = former.channelsOpened
        channelsEnded = former.channelsEnded
        connectionsClosed = former.connectionsClosed
        channelsClosed = former.channelsClosed
    }
}
