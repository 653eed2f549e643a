import HubProtocol

/// The Storage Service as a value: a request and a state in, a decision out (contract §3, §7).
///
/// It has no state, no clock and no I/O of its own; time and ids come with the request. What is wrong with a request is
/// told in this order: malformed (before it gets here), another payload under the same operation id, unknown operation,
/// validation, image, version, asset, and last, no room.
///
///     let decision = try engine.decide(request, at: now, ids: ids, reading: reader)
///     decision.answer    // .outcome(.record(…))
///     decision.changes   // [.insertImage(…), .publish(…), .remember(…)]
public struct StorageEngine: Sendable {
    public let limits: StorageLimits

    public init(limits: StorageLimits = StorageLimits()) { self.limits = limits }

    /// What carrying out a request comes to.
    ///
    /// - Parameters:
    ///   - request: its envelope has been read; everything else is judged here.
    ///   - now: the time of effects, where an image's own times do not ask for a later one.
    ///   - ids: makes the id of a new image and of events.
    ///   - reader: the state; an operation with an effect must be decided in a writing transaction.
    public func decide(
        _ request: StorageRequest,
        at now: Timestamp,
        ids: IDSource,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> Decision {
        let fingerprint = OperationFingerprint(of: request)
        let remembered = try reader.operation(request.operationID)
        if let remembered {
            guard remembered.fingerprint == fingerprint else { return Decision(.outcome(.failed(.operationConflict))) }
            if let reply = remembered.reply { return Decision(.repeated(body: reply)) }
        }
        var note = RememberedOperation(
            operationID: request.operationID,
            fingerprint: fingerprint,
            reply: nil,
            time: now
        )
        guard let name = OperationName(rawValue: request.operation) else {
            let outcome = Outcome.failed(.unknownOperation(request.operation))
            return Decision(.outcome(outcome), changes: remembered == nil ? [.remember(note)] : [])
        }
        var effect = try effect(of: name, request, at: now, ids: ids, reading: reader)
        guard name.hasEffect else {
            return Decision(.outcome(effect.outcome), changes: remembered == nil ? [.remember(note)] : [])
        }
        let room = try room(for: effect, at: now, reading: reader)
        if let failure = room.failure { effect = Effect(.failed(failure)) }
        // A passing failure is not remembered: the same request may succeed the next time (contract §7).
        if effect.outcome.failure?.knownCode?.isRemembered ?? true {
            note.reply = effect.outcome.reply(to: request.operationID).encoded()
            effect.changes.append(.remember(note))
        }
        return Decision(.outcome(effect.outcome), changes: room.changes + effect.changes)
    }

    private func effect(
        of name: OperationName,
        _ request: StorageRequest,
        at now: Timestamp,
        ids: IDSource,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> Effect {
        let operation: StorageOperation
        do {
            operation = try StorageOperation(name, data: request.data)
        } catch {
            return Effect(.failed(.invalid(error)))
        }
        let carrier = OperationCarrier(operationID: request.operationID, now: now, ids: ids, reader: reader)
        return try carrier.carryOut(operation)
    }

    /// Whether there is room for what the operation would leave: a failure leaves nothing but its being remembered.
    private func room(
        for effect: Effect,
        at now: Timestamp,
        reading reader: any RecordReader
    ) throws(RecordStoreError) -> (failure: StorageFailure?, changes: [Change]) {
        let usage = try reader.usage()
        if effect.addsVersion, usage.versions >= limits.versionsMax { return (.full("image versions"), []) }
        let isFullOfEvents = usage.pendingEvents >= limits.pendingEventsMax
        if isFullOfEvents, effect.outcome.failure == nil { return (.full("events that wait to be published"), []) }
        guard usage.operations >= limits.rememberedOperationsMax else { return (nil, []) }
        let kept = now.adding(milliseconds: -limits.operationRetentionMs)
        guard let oldest = usage.oldestOperation, oldest < kept else { return (.full("remembered operations"), []) }
        return (nil, [.forgetOperations(before: kept, limit: limits.housekeepingBatchMax)])
    }
}
