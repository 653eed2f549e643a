import AMQP
import FaultPlan
import Logging
import Synchronization

/// The one owner of the broker. Doors come with commands, in batches; what is to be done goes out by the doors.
///
/// One lock is held for a batch, not for a message: a socket's read is one batch. Directives reach the doors while the
/// lock is held, so they stay in order whatever threads the doors run on; they are carried out when it is free again.
package final class Hub: Sendable {
    struct State: ~Copyable {
        var broker: Broker
        var faults: FaultStation
        /// What faults have to say beside the broker's directives.
        var later: [Directive] = []
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
    package let records: HubRecords
    package var faults: ArmedFaults { records.faults }
    let refusals: Refusals

    /// Who looks on at all connections; nil: nobody.
    let recorder: WireRecorder?
    private let logger: Logger?

    package convenience init(configuration: BrokerConfiguration, timeline: Timeline) {
        self.init(configuration: configuration, timeline: timeline, recorder: nil, records: nil, logger: nil)
    }

    /// - Parameters:
    ///   - recorder: who looks on at all connections; nil: nobody.
    ///   - records: the faults that are armed and the journal; nil makes new ones.
    init(
        configuration: BrokerConfiguration,
        timeline: Timeline,
        recorder: WireRecorder?,
        records: HubRecords?,
        logger: Logger?
    ) {
        self.logger = logger
        let records = records ?? HubRecords(timeline: timeline)
        self.records = records
        self.recorder = recorder
        refusals = Refusals(armed: records.faults, timeline: timeline)
        state = Mutex(State(broker: Broker(configuration: configuration), faults: FaultStation(armed: records.faults)))
        self.timeline = timeline
    }

    /// Opens a connection whose directives go out by this door. Throws what the client is to be refused with.
    package func open(_ profile: ConnectionProfile, door: any Door) throws(ProtocolError) -> ConnectionID {
        let now = timeline.now
        var awoken = false
        let opened: Result<ConnectionID, ProtocolError> = state.withLock { state in
            guard !state.hasEnded else {
                return .failure(ProtocolError(.connectionForced, "the hub is shutting down"))
            }
            do throws(ProtocolError) {
                let id = try state.broker.open(profile, at: now)
                state.doors[id] = door
                records.connection("opened", id, profile.name)
                if case .wire(let fault) = state.faults.effect(
                    FaultSubject(connection: profile.name),
                    among: FaultStation.connectKinds,
                    at: .connect
                ) {
                    awoken = door.take([.strike(id, fault)])
                }
                return .success(id)
            } catch {
                return .failure(error)
            }
        }
        if awoken { door.wake() }
        runWaiters()
        return try opened.get()
    }

    /// Applies commands in order.
    package func apply(_ commands: [Command]) {
        changeState { state, now in
            for command in commands { take(command, &state, at: now) }
        }
    }

    /// Applies one command.
    package func apply(_ command: Command) {
        changeState { state, now in take(command, &state, at: now) }
    }

    private func take(_ command: Command, _ state: inout State, at now: Instant) {
        records.message(command)
        state.take(command, at: now)
        if !state.waiters.isEmpty { state.noteConditions() }
    }

    /// Applies commands that are made while the hub is locked, so that nothing comes in between.
    func apply(making commands: () -> [Command]) {
        changeState { state, now in
            for command in commands() { take(command, &state, at: now) }
        }
    }

    /// Changes the broker from behind, past faults, and sends out what follows from it.
    func change(_ body: (inout Broker, Instant) -> Void) {
        changeState { state, now in body(&state.broker, now) }
    }

    private func changeState(_ body: (inout State, Instant) -> Void) {
        let now = timeline.now
        let (awoken, isAwaited, remarks) = state.withLock { state in
            body(&state, now)
            let awoken = distribute(&state, at: now)
            arm(&state)
            return (awoken, !state.waiters.isEmpty, state.broker.takeRemarks())
        }
        for door in awoken { door.wake() }
        for remark in remarks { logger?.say(remark) }
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
    private func distribute(_ state: inout State, at now: Instant) -> [any Door] {
        state.broker.takeDirectives(into: &state.directives)
        state.strikeDirectives(at: now)
        if !state.later.isEmpty {
            state.directives += state.later
            state.later.removeAll()
        }
        scheduleFaults(&state, from: now)
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
                records.messages(run)
                if run.contains(where: \.isCloseOfConnection) {
                    state.doors[id] = nil
                    records.connection("closed by the hub", id)
                }
            }
            start = end
        }
        state.directives.removeAll(keepingCapacity: true)
        return awoken
    }

    /// A connection has ended by its client or its socket.
    package func close(_ id: ConnectionID, after commands: [Command] = []) {
        apply(commands + [.closed(id)])
        state.withLock { state in
            state.faults.forget(id)
            if state.doors.removeValue(forKey: id) != nil { records.connection("closed", id) }
        }
    }

    /// Sees to what faults do later.
    private func scheduleFaults(_ state: inout State, from now: Instant) {
        guard !state.faults.timers.isEmpty else { return }
        for (ms, timer) in state.faults.timers {
            timeline.schedule(at: now.adding(milliseconds: Int64(ms))) { [weak self] in
                self?.changeState { state, _ in state.reach(timer) }
            }
        }
        state.faults.timers.removeAll()
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
