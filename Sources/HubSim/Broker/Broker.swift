import AMQP
import DequeModule
import HeapModule
import MessageHub
import Octets

/// The broker: exchanges, queues, channels and what RabbitMQ means by them, as a state machine.
///
/// Commands go in, directives come out. It has no clock, no threads, no sockets and no randomness of its own: the time
/// comes with every command, random names from the seed. Whoever owns it has it alone.
///
///     var broker = Broker(configuration: BrokerConfiguration())
///     let id = try broker.open(ConnectionProfile(), at: .start)
///     broker.apply(.method(id, channel: 1, .channelOpen), at: .start)
///     for directive in broker.takeDirectives() { … }
///     // broker.nextDeadline: apply(.timePassed, at:) then
package struct Broker: ~Copyable {
    let configuration: BrokerConfiguration
    var limits: HubSimLimits { configuration.limits }

    /// The time of the command that is being applied.
    var now = Instant.start
    var random: SeededGenerator
    var hosts: [ExactText: VirtualHost] = [:]
    /// What users may do, by their names and by vhost. Who is not here may do everything.
    var permissions: [ExactText: [ExactText: HubPermissions]]
    var connections: [ConnectionID: BrokerConnection] = [:]
    private var lastNumber: UInt64 = 0
    /// The connection that the last command was from: mostly the next one is too.
    private var lastConnection: BrokerConnection?

    var directives: [Directive] = []
    /// What was noticed since the last look; at most one or two for a queue that is made.
    var remarks: [Remark] = []
    /// Channels with confirms that are not yet said.
    var confirming: [BrokerChannel] = []
    /// Messages that left a queue other than by an acknowledgement and are still to be dead-lettered. A list, so that a
    /// chain of dead-letter exchanges is worked off one by one and no depth of calls depends on clients.
    var deadLetters = Deque<DeadLetter>()
    /// What of the broker's memory clients have taken.
    var memory = MemoryLedger()
    /// How many more messages may die of the dead letters that are being worked off; nil: none are.
    var deathsLeft: Int?
    /// How many connections have commands that wait.
    var postponingCount = 0
    /// Whether publishers are blocked because memory is short.
    var isBlocking = false
    /// The latest search through exchanges.
    var searchMark: UInt64 = 0
    var deadlines = Heap<NotedDeadline>()
    /// At how many deadlines the needless ones are thrown away.
    var deadlinesBeforeCleaning = 1024
    /// Channels with a consumer of direct replies, by their address.
    var directReplies: [ExactText: BrokerChannel] = [:]
    var counters = BrokerCounters()

    package init(configuration: BrokerConfiguration = BrokerConfiguration()) {
        self.configuration = configuration
        random = SeededGenerator(seed: configuration.seed)
        permissions = configuration.permissions
        for name in configuration.virtualHosts { hosts[name] = VirtualHost(name: name) }
        if let definitions = configuration.definitions {
            let problems = load(definitions)
            precondition(problems.isEmpty, "Cannot begin with definitions that were checked: \(problems)")
        }
    }

    deinit {
        // Queues and consumers, exchanges bound in circles, connections and channels hold each other.
        for host in hosts.values { host.forgetAll() }
        for connection in connections.values {
            for channel in connection.channels.values {
                channel.consumers.removeAll()
                channel.parked.removeAll()
                _ = channel.unacked.removeAll(through: 0)
            }
            connection.removeChannels()
        }
    }

    /// Opens a connection (`connection.open`). Throws 530 `NOT_ALLOWED` for a vhost that is not there.
    package mutating func open(
        _ profile: ConnectionProfile,
        at now: Instant
    ) throws(ProtocolError) -> ConnectionID {
        self.now = now
        guard let host = hosts[profile.virtualHost] else {
            throw ProtocolError(.notAllowed, "vhost \(profile.virtualHost) not found", method: ConnectionOpen.id)
        }
        let access = try access(profile.user, to: host.name)
        lastNumber += 1
        let id = ConnectionID(rawValue: lastNumber)
        let cost = DefinitionCost.connection(profile)
        try requireRoom(cost)
        memory.definitionBytes += cost
        connections[id] = BrokerConnection(id: id, profile: profile, host: host, access: access, openedAt: now)
        counters.connectionsOpened += 1
        return id
    }

    /// Takes one command. Commands for connections that are gone are ignored: they were under way when it ended.
    package mutating func apply(_ command: Command, at now: Instant) {
        self.now = now
        if postponingCount > 0, postpone(command) { return }
        perform(command)
        workOffDeadLetters()
    }

    /// Carries out a command.
    mutating func perform(_ command: Command) {
        switch command {
        case .publish(let id, let number, let message, let isMandatory, let isImmediate):
            onChannel(number, of: id, method: BasicPublish.id) { broker, channel throws(ProtocolError) in
                try broker.publish(message, isMandatory: isMandatory, isImmediate: isImmediate, on: channel)
            }
        case .method(let id, let number, let method):
            guard let connection = connection(id) else { return }
            receive(method, channel: number, of: connection)
        case .drained(let id):
            guard let connection = connections[id] else { return }
            drained(connection)
        case .closed(let id):
            guard let connection = connections[id] else { return }
            finishPostponed(connection)
            // One of those may have ended it.
            if connections[id] != nil { remove(connection) }
        case .timePassed:
            reachDeadlines()
        }
    }

    /// What is to be done, once.
    package mutating func takeDirectives() -> [Directive] {
        var taken: [Directive] = []
        takeDirectives(into: &taken)
        return taken
    }

    /// What is to be done, once, in exchange for an empty array whose memory is used again.
    package mutating func takeDirectives(into taken: inout [Directive]) {
        precondition(taken.isEmpty, "Cannot take directives when there are some that are not yet done")
        sayConfirms()
        swap(&directives, &taken)
    }

    /// What the log should say, once.
    package mutating func takeRemarks() -> [Remark] {
        guard !remarks.isEmpty else { return [] }
        defer { remarks.removeAll() }
        return remarks
    }

    private mutating func connection(_ id: ConnectionID) -> BrokerConnection? {
        if let lastConnection, lastConnection.id == id { return lastConnection }
        lastConnection = connections[id]
        return lastConnection
    }

    /// Takes a connection out of the books.
    mutating func forget(_ id: ConnectionID) {
        lastConnection = nil
        if connections.removeValue(forKey: id) != nil { counters.connectionsEnded += 1 }
    }

    /// Runs an operation on an open channel; an error closes the channel or the connection, as its code says.
    mutating func onChannel(
        _ number: UInt16,
        of id: ConnectionID,
        method: MethodID,
        _ operation: (inout Broker, BrokerChannel) throws(ProtocolError) -> Void
    ) {
        guard let connection = connection(id) else { return }
        guard let channel = connection.channel(number) else {
            return fail(connection, ProtocolError(.channelError, "expected 'channel.open'", method: method))
        }
        if channel.isClosing { return }
        do throws(ProtocolError) {
            try operation(&self, channel)
        } catch {
            var error = error
            if error.method == .none { error.method = method }
            fail(channel, error)
        }
    }

    /// Closes what the error's code closes.
    mutating func fail(_ channel: BrokerChannel, _ error: ProtocolError) {
        switch error.code.severity {
        case .none: preconditionFailure("Cannot close a channel with \(error), which is no error")
        case .channel:
            sayConfirms(of: channel)
            let id = channel.connection.id
            counters.channelsClosed[Int(error.code.rawValue), default: 0] += 1
            directives.append(.closeChannel(id, channel: channel.number, error))
            release(channel)
            channel.isClosing = true
        case .connection: fail(channel.connection, error)
        }
    }

    /// Closes a connection because of an error.
    mutating func fail(_ connection: BrokerConnection, _ error: ProtocolError) {
        sayConfirms()
        counters.connectionsClosed[Int(error.code.rawValue), default: 0] += 1
        directives.append(.closeConnection(connection.id, error))
        remove(connection)
    }

    /// Answers a method, after whatever the channel owes its client from before.
    mutating func reply(_ method: Method, on channel: BrokerChannel) {
        sayConfirms(of: channel)
        directives.append(.send(channel.connection.id, channel: channel.number, method))
    }
}
