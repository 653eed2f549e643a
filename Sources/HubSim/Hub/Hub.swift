import AMQP
import Synchronization

/// The one owner of the broker. Doors come with commands, in batches; what is to be done goes out by the doors.
///
/// One lock is held for a batch, not for a message: a socket's read is one batch. Directives reach the doors while the
/// lock is held, so they stay in order whatever threads the doors run on; they are carried out when it is free again.
package final class Hub: Sendable {
    struct State: ~Copyable {
        var broker: Broker
        var doors: [ConnectionID: any Door] = [:]
        var directives: [Directive] = []
        /// The time for which the broker's deadline is scheduled.
        var armedFor = Instant.never
        var armed: Timeline.Token?
        var waiters: [ConditionWaiter] = []
        var lastWaiter: UInt64 = 0
        var hasEnded = false
    }

    let state: Mutex<State>
    package let timeline: Timeline

    /// Who looks on at all connections; nil: nobody.
    let recorder: WireRecorder?

    package convenience init(configuration: BrokerConfiguration, timeline: Timeline) {
        self.init(configuration: configuration, timeline: timeline, recorder: nil)
    }

    init(configuration: BrokerConfiguration, timeline: Timeline, recorder: WireRecorder?) {
        self.recorder = recorder
        state = Mutex(State(broker: Broker(configuration: configuration)))
        self.timeline = timeline
    }

    /// Opens a connection whose directives go out by this door. Throws what the client is to be refused with.
    package func open(_ profile: ConnectionProfile, door: any Door) throws(ProtocolError) -> ConnectionID {
        let now = timeline.now
        let opened: Result<ConnectionID, ProtocolError> = state.withLock { state in
            guard !state.hasEnded else {
                return .failure(ProtocolError(.connectionForced, "the hub is shutting down"))
            }
            do throws(ProtocolError) {
                let id = try state.broker.open(profile, at: now)
                state.doors[id] = door
                return .success(id)
            } catch {
                return .failure(error)
            }
        }
        runWaiters()
        return try opened.get()
    }

    /// Applies commands in order.
    package func apply(_ commands: [Command]) {
        change { broker, now in
            for command in commands { broker.apply(command, at: now) }
        }
    }

    /// Applies one command.
    package func apply(_ command: Command) {
        change { broker, now in broker.apply(command, at: now) }
    }

    /// Changes the broker and sends out what follows from it.
    func change(_ body: (inout Broker, Instant) -> Void) {
        let now = timeline.now
        let (awoken, isAwaited) = state.withLock { state in
            body(&state.broker, now)
            let awoken = distribute(&state)
            arm(&state)
            return (awoken, !state.waiters.isEmpty)
        }
        for door in awoken { door.wake() }
        if isAwaited { runWaiters() }
    }

    /// Looks at the broker.
    func look<Result: Sendable>(_ body: (borrowing Broker) -> Result) -> Result {
        state.withLock { state in body(state.broker) }
    }

    /// What it holds at this moment.
    func snapshot() -> HubSnapshot {
        let now = timeline.now
        return state.withLock { state in HubSnapshot(state.broker, state.doors, at: now) }
    }

    /// A connection was closed on its client by its session, of which the broker hears nothing.
    func countClosed(_ error: ProtocolError) {
        change { broker, _ in broker.counters.connectionsClosed[Int(error.code.rawValue), default: 0] += 1 }
    }

    /// Ends all connections with 320 `CONNECTION_FORCED` and takes no new ones.
    package func end(_ reason: String) {
        state.withLock { $0.hasEnded = true }
        change { broker, now in broker.endConnections(reason, at: now) }
    }

    /// Gives the directives to the doors, neighbours of one connection together.
    private func distribute(_ state: inout State) -> [any Door] {
        state.broker.takeDirectives(into: &state.directives)
        guard !state.directives.isEmpty else { return [] }
        var awoken: [any Door] = []
        var start = 0
        while start < state.directives.count {
            let id = state.directives[start].connection
            var end = start + 1
            while end < state.directives.count, state.directives[end].connection == id { end += 1 }
            if let door = state.doors[id] {
                let run = state.directives[start..<end]
                if door.take(run) { awoken.append(door) }
                if run.contains(where: \.isCloseOfConnection) { state.doors[id] = nil }
            }
            start = end
        }
        state.directives.removeAll(keepingCapacity: true)
        return awoken
    }

    /// A connection has ended by its client or its socket.
    package func close(_ id: ConnectionID, after commands: [Command] = []) {
        apply(commands + [.closed(id)])
        state.withLock { $0.doors[id] = nil }
    }

    /// Schedules the broker's next deadline, unless an earlier time is scheduled.
    private func arm(_ state: inout State) {
        guard let deadline = state.broker.nextDeadline, deadline < state.armedFor else { return }
        state.armedFor = deadline
        // Clients may make ever earlier deadlines; the later ones are not to pile up.
        if let armed = state.armed { timeline.cancel(armed) }
        state.armed = timeline.schedule(at: deadline) { [weak self] in self?.reachDeadline(deadline) }
    }

    private func reachDeadline(_ deadline: Instant) {
        state.withLock { state in
            if state.armedFor == deadline { state.armedFor = .never }
        }
        apply(.timePassed)
    }
}
