import AMQP
import MessageHub
import Octets

/// What a manager may see of the hub and do to it.
extension HubSim {
    /// Everything at this moment.
    package func inventory() -> HubInventory {
        let now = hub.timeline.now
        return hub.state.withLock { HubInventory($0.broker, $0.doors, at: now) }
    }

    /// The numbers that rates are made of.
    package func tally(most: Int) -> HubTally { hub.look { HubTally($0, most: most) } }

    /// The version of RabbitMQ that it is taken for.
    package var version: String { configuration.personality.version }

    /// The address that it listens on; empty where it has no socket.
    package var host: String { port == 0 ? "" : configuration.host }

    /// Whether this user has this password.
    package func isUser(_ name: String, password: String) -> Bool {
        userBook[name]?.isLetIn(by: password) ?? false
    }

    /// The messages that are ready in a queue, in the order of delivery; they stay. Nil where there is no such queue.
    package func readyMessages(in queue: String, vhost: String, most: Int) -> [HeldMessage]? {
        let now = hub.timeline.now
        return hub.look { broker in
            broker.queue(queue, vhost)?.ready.prefix(most).map { HeldMessage($0, at: now) }
        }
    }

    /// The messages of a queue that were delivered and wait for an acknowledgement, in the order of the queue, with who
    /// holds them. Nil where there is no such queue.
    package func heldMessages(of queue: String, vhost: String, most: Int) -> [HeldMessage]? {
        let now = hub.timeline.now
        return hub.look { broker -> [HeldMessage]? in
            guard let queue = broker.queue(queue, vhost) else { return nil }
            var held: [HeldMessage] = []
            for connection in broker.connections.values where connection.host === queue.host {
                for channel in connection.channels.values {
                    for delivery in channel.unacked.all where delivery.queue === queue {
                        let holder = HeldMessage.Holder(
                            connection: connection.id.rawValue,
                            connectionName: connection.profile.name,
                            channel: channel.number,
                            consumerTag: delivery.consumer?.tag,
                            deliveryTag: delivery.tag,
                            heldMs: (now.microseconds - delivery.deliveredAt.microseconds) / 1000
                        )
                        held.append(HeldMessage(delivery.entry, at: now, holder: holder))
                    }
                }
            }
            return Array(held.sorted { $0.position < $1.position }.prefix(most))
        }
    }

    /// Closes a connection with 320 `CONNECTION_FORCED`.
    /// - Returns: whether there was one.
    package func closeConnection(_ number: UInt64, reason: String) -> Bool {
        let id = ConnectionID(rawValue: number)
        var isOpen = false
        hub.change { broker, now in
            isOpen = broker.connections[id] != nil
            broker.end(id, ProtocolError(.connectionForced, reason), at: now)
        }
        return isOpen
    }

    /// Adds a vhost with the exchanges that every vhost has. Throws where there are as many as may be.
    /// - Returns: whether it is new.
    package func addVirtualHost(_ name: String) throws(HubIsFull) -> Bool {
        var result: Result<Bool, HubIsFull> = .success(false)
        hub.change { broker, _ in
            result = Result { () throws(HubIsFull) in try broker.addVirtualHost(name) }
        }
        return try result.get()
    }

    /// Takes a vhost out with all that is in it; its connections are closed with 320 `CONNECTION_FORCED`.
    /// - Returns: whether it was there.
    package func removeVirtualHost(_ name: String) -> Bool {
        var wasThere = false
        hub.change { broker, now in wasThere = broker.removeVirtualHost(name, at: now) }
        // Who could open it cannot open one that gets its name later.
        for user in users where wasThere && user.permissions?[name] != nil {
            _ = setPermissions(nil, of: user.name, in: name)
        }
        return wasThere
    }

    /// Takes out all queues and exchanges that are not the vhosts' own, with their messages and bindings. Connections
    /// stay; their consumers are told that their queues are gone.
    package func removeEverything() {
        hub.change { broker, now in broker.removeEverything(at: now) }
    }
}

extension Broker {
    fileprivate mutating func addVirtualHost(_ name: String) throws(HubIsFull) -> Bool {
        guard hosts[name] == nil else { return false }
        guard hosts.count < limits.virtualHostsMax else {
            throw HubIsFull("cannot create vhost '\(name)': vhost limit of \(limits.virtualHostsMax) is reached")
        }
        hosts[name] = VirtualHost(name: name)
        return true
    }

    fileprivate mutating func removeVirtualHost(_ name: String, at now: Instant) -> Bool {
        guard let host = hosts[name] else { return false }
        let inside = connections.values.filter { $0.host === host }.map(\.id)
        for id in inside.sorted(by: { $0.rawValue < $1.rawValue }) {
            end(id, ProtocolError(.connectionForced, "vhost '\(name)' is deleted"), at: now)
        }
        removeEverything(in: host, at: now)
        hosts[name] = nil
        host.forgetAll()
        return true
    }

    fileprivate mutating func removeEverything(at now: Instant) {
        for host in hosts.values.sorted(byOctetsOf: \.name) { removeEverything(in: host, at: now) }
    }

    private mutating func removeEverything(in host: VirtualHost, at now: Instant) {
        self.now = now
        for queue in host.queues.values.sorted(byOctetsOf: \.name) { delete(queue) }
        let own = VirtualHost(name: host.name).exchanges
        for exchange in host.exchanges.values.sorted(byOctetsOf: \.name) where own[exchange.name] == nil {
            delete(exchange, in: host)
        }
        for exchange in host.exchanges.values {
            for key in Array(exchange.bindings.keys) { unbind(key, from: exchange, in: host) }
        }
        workOffDeadLetters()
    }
}

extension HubSim {
    /// Publishes from behind, with all of AMQP's properties. Throws what the broker refuses.
    /// - Returns: how many queues took the message.
    package func insert(_ message: Message, vhost: String) throws(ProtocolError) -> Int {
        var result: Result<Int, ProtocolError> = .success(0)
        hub.change { broker, now in result = broker.insert(message, vhost, at: now) }
        return try result.get()
    }
}
