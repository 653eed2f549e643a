/// What is unfinished in a hub, for the end of a test or a program: nothing, where everybody tidied up.
///
///     let left = await hub.shutdown().leftovers
///     #expect(left.isEmpty, "\(left)")
public struct Leftovers: Sendable, Hashable {
    /// Messages in a queue that nobody took.
    public struct Unread: Sendable, Hashable {
        public var vhost: String
        public var queue: String
        public var count: Int
    }

    /// A connection that was not closed.
    public struct Open: Sendable, Hashable {
        public var connection: UInt64
        public var name: String
        public var channelCount: Int
        public var unackedCount: Int
    }

    /// Queues with messages that wait, but for those of one connection alone.
    public var unread: [Unread]
    /// Exclusive queues with messages that wait: replies that nobody took, mostly.
    public var replies: [Unread]
    /// Deliveries that were not acknowledged, `HubSnapshot.unackedMax` of them at most.
    public var unacked: [UnackedSnapshot]
    public var open: [Open]

    public var isEmpty: Bool { unread.isEmpty && replies.isEmpty && unacked.isEmpty && open.isEmpty }

    /// A line for each.
    public var lines: [String] {
        unread.map { "\($0.count) unread in queue '\($0.queue)' of vhost '\($0.vhost)'" }
            + replies.map { "\($0.count) unread in exclusive queue '\($0.queue)' of vhost '\($0.vhost)'" }
            + unacked.map { "unacknowledged \($0)" }
            + open.map {
                "connection '\($0.name)' is open with \($0.channelCount) channels and \($0.unackedCount) unacknowledged"
            }
    }
}

extension Leftovers: CustomStringConvertible {
    public var description: String { isEmpty ? "nothing is left" : lines.joined(separator: "\n") }
}

extension HubSnapshot {
    /// What is unfinished: messages that nobody read or acknowledged, connections that are still open.
    public var leftovers: Leftovers {
        func waiting(_ isExclusive: Bool) -> [Leftovers.Unread] {
            queues.filter { $0.readyCount > 0 && $0.isExclusive == isExclusive }.map {
                Leftovers.Unread(vhost: $0.vhost, queue: $0.name, count: $0.readyCount)
            }
        }
        return Leftovers(
            unread: waiting(false),
            replies: waiting(true),
            unacked: unacked,
            open: connections.map { connection in
                Leftovers.Open(
                    connection: connection.id,
                    name: connection.name,
                    channelCount: connection.channels.count,
                    unackedCount: connection.channels.map(\.unackedCount).reduce(0, +)
                )
            }
        )
    }
}
