import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes with an operation id that comes again.
    static let ofIdempotence: [StorageMode] = [
        .broken(
            "repeats-are-carried-out-again",
            breaks: "HUB-IDM-001",
            "Carries out every request that comes: a retry makes a second image.",
            AlteredDecisions { question throws(RecordStoreError) in
                let asked = OperationFingerprint(of: question.request)
                let isRepeated = try question.reader.operation(question.request.operationID)?.fingerprint == asked
                guard isRepeated else { return try question.decide() }
                var decision = try question.decide(reading: ReaderOfMemory(present: question.reader) { _ in nil })
                decision.forget()
                return decision
            }
        ),
        .broken(
            "repeats-are-conflicts",
            breaks: "HUB-IDM-001",
            "Refuses a known operation id whatever comes with it: a unique key says so.",
            AlteredDecisions { question throws(RecordStoreError) in
                let known = try question.reader.operation(question.request.operationID)
                guard known?.reply != nil else { return try question.decide() }
                return Decision(.outcome(.failed(.operationConflict)))
            }
        ),
        .broken(
            "errors-are-forgotten",
            breaks: "HUB-IDM-002",
            "Remembers successes only: what was refused may succeed the next time, under the same id.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                if question.operation?.hasEffect == true, decision.failure != nil { decision.forget() }
                return decision
            }
        ),
        .broken(
            "missing-images-are-forgotten",
            breaks: "HUB-IDM-002",
            "Remembers no `IMAGE_NOT_FOUND`: the same operation id may find another image.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                if question.operation?.hasEffect == true, decision.failure?.knownCode == .imageNotFound {
                    decision.forget()
                }
                return decision
            }
        ),
        .broken(
            "true-is-the-same-as-1",
            breaks: "HUB-IDM-003",
            "Compares payloads as its language compares values, in which `true` equals 1.",
            AlteredDecisions { question throws(RecordStoreError) in
                let asked = OperationFingerprint(of: question.request)
                var numbered = question.request
                numbered.data = numbered.data.mapValues(\.booleanAsNumber)
                let same = OperationFingerprint(of: numbered)
                let memory = ReaderOfMemory(present: question.reader) { remembered in
                    var remembered = remembered
                    if remembered.fingerprint == same { remembered.fingerprint = asked }
                    return remembered
                }
                return try question.decide(reading: memory)
            }
        ),
        .broken(
            "conflicts-are-not-seen",
            breaks: "HUB-IDM-003",
            "Looks up the operation id alone: another payload gets the reply to the first.",
            AlteredDecisions { question throws(RecordStoreError) in
                let asked = OperationFingerprint(of: question.request)
                let memory = ReaderOfMemory(present: question.reader) { remembered in
                    var remembered = remembered
                    remembered.fingerprint = asked
                    return remembered
                }
                return try question.decide(reading: memory)
            }
        ),
        .broken(
            "data-alone-is-compared",
            breaks: "HUB-IDM-003",
            "Compares `data` and not `operation`: another operation with the same data gets the reply to the first.",
            AlteredDecisions { question throws(RecordStoreError) in
                let asked = OperationFingerprint(of: question.request)
                let same = OperationName.allCases.map { operation in
                    var request = question.request
                    request.operation = operation.rawValue
                    return OperationFingerprint(of: request)
                }
                let memory = ReaderOfMemory(present: question.reader) { remembered in
                    var remembered = remembered
                    if same.contains(remembered.fingerprint) { remembered.fingerprint = asked }
                    return remembered
                }
                return try question.decide(reading: memory)
            }
        ),
        .broken(
            "operations-are-forgotten-soon",
            breaks: "HUB-IDM-002",
            "Remembers an operation for a second and a half: a cache with a time to live.",
            AlteredDecisions { question throws(RecordStoreError) in
                let oldest = question.now.adding(milliseconds: -1500)
                guard let known = try question.reader.operation(question.request.operationID), known.time < oldest
                else { return try question.decide() }
                var decision = try question.decide(reading: ReaderOfMemory(present: question.reader) { _ in nil })
                decision.forget()
                return decision
            }
        ),
        .broken(
            "payloads-compared-as-text",
            breaks: "HUB-IDM-004",
            "Compares the bytes of bodies: the same payload with its keys in another order is a conflict.",
            PayloadsComparedAsText()
        ),
        .broken(
            "ignores-repeats-under-way",
            breaks: "HUB-IDM-005",
            "Drops a request while the first of the same operation is under way: that one will be answered.",
            isSlow: true,
            IgnoresRepeatsUnderWay()
        ),
        .broken(
            "no-room-is-remembered",
            breaks: "HUB-IDM-006",
            "Remembers `STORAGE_FULL` like any other error: the same id fails when there is room again.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard let failure = decision.failure, failure.knownCode?.isRemembered == false else { return decision }
                decision.changes.append(
                    .remember(
                        RememberedOperation(
                            operationID: question.request.operationID,
                            fingerprint: OperationFingerprint(of: question.request),
                            reply: decision.replyBody(operationID: question.request.operationID),
                            time: question.now
                        )
                    )
                )
                return decision
            }
        ),
        .broken(
            "conflict-is-remembered",
            breaks: "HUB-IDM-011",
            "Remembers `OPERATION_CONFLICT` as the operation's reply: the first payload gets it from then on.",
            ConflictIsRemembered()
        ),
        .broken(
            "repeats-are-read-again",
            breaks: "HUB-IDM-013",
            "Answers a repeated operation with the image as it is by now.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard case .repeated(let body) = decision.answer,
                    let id = (try? JSONValue(parsing: body))?["data"]?["id"]?.string,
                    question.operation != .deleteImage
                else { return decision }
                let record = try question.reader.image(id)
                return Decision(.outcome(record.map(Outcome.record) ?? .failed(.imageNotFound(id))))
            }
        ),
    ]
}

private final class PayloadsComparedAsText: Conduct {
    private struct Seen {
        let body: [UInt8]
        let fingerprint: OperationFingerprint
        /// Whether the latest body is not the first one, byte for byte.
        var isOther = false
    }

    private let seen = RecentNotes<Seen>()

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard let request = delivery.request else { return delivery }
        let body = delivery.message.body
        seen.update(request.operationID) { first in
            if first == nil { first = Seen(body: body, fingerprint: OperationFingerprint(of: request)) }
            let isOther = first?.body != body
            first?.isOther = isOther
        }
        return delivery
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard seen[question.request.operationID]?.isOther == true else { return try question.decide() }
        return Decision(.outcome(.failed(.operationConflict)))
    }
}

private final class IgnoresRepeatsUnderWay: Conduct {
    private let underWay = RecentNotes<Bool>()

    /// How long carrying out takes, so that there is a while to come in.
    private static let pause = Duration.milliseconds(100)

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard let request = delivery.request, OperationName(rawValue: request.operation)?.hasEffect == true else {
            return delivery
        }
        let isFirst = underWay.update(request.operationID) { isUnderWay in
            defer { isUnderWay = true }
            return isUnderWay == nil
        }
        if isFirst { return delivery }
        await line.drop(delivery)
        return nil
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .reply, let id = publication.operationID, underWay[id] != nil {
            await line.pause(Self.pause)
            underWay.update(id) { $0 = nil }
        }
        try await line.publish(publication)
    }
}

private final class ConflictIsRemembered: Conduct {
    private let conflicts = RecentNotes<Bool>()

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        let id = question.request.operationID
        if conflicts[id] != nil { return Decision(.outcome(.failed(.operationConflict))) }
        let decision = try question.decide()
        if decision.failure?.knownCode == .operationConflict { conflicts.note(true, for: id) }
        return decision
    }
}
