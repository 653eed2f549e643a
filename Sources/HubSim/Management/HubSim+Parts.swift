import Octets

/// Parts of the hub, for a manager who needs no more.
extension HubSim {
    /// Its sums at this moment.
    package func totals() -> HubTotals { hub.look { HubTotals($0) } }

    /// The vhosts in the order of their names.
    package func virtualHosts() -> [VirtualHostTotals] {
        hub.look { broker in broker.hosts.values.sorted(byOctetsOf: \.name).map(VirtualHostTotals.init) }
    }

    /// A vhost; nil where there is none of this name.
    package func virtualHost(_ name: String) -> VirtualHostTotals? {
        hub.look { broker in broker.hosts[name].map(VirtualHostTotals.init) }
    }

    /// The names of the vhosts, in order.
    package var virtualHostNames: [String] {
        hub.look { broker in broker.hosts.values.map(\.name).sorted { $0.isExactly(before: $1) } }
    }

    /// Whether there is a vhost of this name.
    package func hasVirtualHost(_ name: String) -> Bool { hub.look { $0.hosts[name] != nil } }

    /// Whether there is a queue of this name.
    package func hasQueue(_ name: String, vhost: String) -> Bool { hub.look { $0.queue(name, vhost) != nil } }

    /// Whether there is an exchange of this name.
    package func hasExchange(_ name: String, vhost: String) -> Bool {
        hub.look { $0.hosts[vhost]?.exchanges[name] != nil }
    }

    /// The policies of each vhost in order, the highest priority first.
    package func policies() -> [PolicyDetails] {
        hub.look { broker in
            broker.hosts.values.sorted(byOctetsOf: \.name).flatMap { $0.policies.all.map(PolicyDetails.init) }
        }
    }

    /// One queue with its consumers and their connections, as all of an inventory; nil where it is not there.
    package func inventory(ofQueue name: String, vhost: String) -> HubInventory? {
        let now = hub.timeline.now
        return hub.state.withLock { state in
            state.broker.queue(name, vhost).map { HubInventory(of: $0, state.broker, state.doors, at: now) }
        }
    }

    /// One exchange as all of an inventory; nil where it is not there.
    package func inventory(ofExchange name: String, vhost: String) -> HubInventory? {
        let now = hub.timeline.now
        return hub.state.withLock { state -> HubInventory? in
            guard let host = state.broker.hosts[vhost], let exchange = host.exchanges[name] else { return nil }
            return HubInventory(of: exchange, host, state.broker, at: now)
        }
    }
}
