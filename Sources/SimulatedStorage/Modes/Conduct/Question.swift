import HubProtocol
import JSON

/// A request as the engine is asked about it: what a conduct can ask otherwise.
struct Question {
    let request: StorageRequest
    let engine: StorageEngine
    let now: Timestamp
    let ids: IDSource
    let reader: any RecordReader

    /// The operation; nil: there is none of this name.
    var operation: OperationName? { OperationName(rawValue: request.operation) }

    var data: [String: JSONValue] { request.data }

    var imageID: String? { data["image_id"]?.string }

    /// What the engine says.
    func decide() throws(RecordStoreError) -> Decision { try decide(reading: reader) }

    /// What the engine says on another state, with other ids, or at another time.
    func decide(
        reading reader: (any RecordReader)? = nil,
        ids: IDSource? = nil,
        at now: Timestamp? = nil
    ) throws(RecordStoreError) -> Decision {
        try engine.decide(request, at: now ?? self.now, ids: ids ?? self.ids, reading: reader ?? self.reader)
    }

    /// What the engine says to other data. It is remembered as what was asked, so that the same request again is the
    /// same and another is another.
    func decide(
        data: [String: JSONValue],
        reading reader: (any RecordReader)? = nil
    ) throws(RecordStoreError) -> Decision {
        let reader = reader ?? self.reader
        guard data != request.data else { return try decide(reading: reader) }
        let asked = OperationFingerprint(of: request)
        var changed = request
        changed.data = data
        let memory = ReaderOfChangedData(present: reader, asked: asked, given: OperationFingerprint(of: changed))
        var decision = try engine.decide(changed, at: now, ids: ids, reading: memory)
        decision.changeRemembered { $0.fingerprint = asked }
        return decision
    }

    /// What the engine says to the data without some fields.
    func decide(without fields: [String]) throws(RecordStoreError) -> Decision {
        try decide(data: data.filter { !fields.contains($0.key) })
    }

    /// What the engine says to the data with other values in some fields.
    func decide(with fields: [String: JSONValue]) throws(RecordStoreError) -> Decision {
        try decide(data: data.merging(fields) { $1 })
    }

    /// A refusal in the place of what the engine would say to a request that comes for the first time.
    func refuse(_ failure: StorageFailure) throws(RecordStoreError) -> Decision {
        guard try reader.operation(request.operationID) == nil else { return try decide() }
        return remembering(.failed(failure))
    }

    /// A success in the place of what the engine would say to a request that comes for the first time.
    func answer(_ outcome: Outcome) throws(RecordStoreError) -> Decision {
        guard try reader.operation(request.operationID) == nil else { return try decide() }
        return remembering(outcome)
    }

    /// An outcome that is remembered as the engine would.
    func remembering(_ outcome: Outcome) -> Decision {
        let note = RememberedOperation(
            operationID: request.operationID,
            fingerprint: OperationFingerprint(of: request),
            reply: operation?.hasEffect == true ? outcome.reply(to: request.operationID).encoded() : nil,
            time: now
        )
        return Decision(.outcome(outcome), changes: [.remember(note)])
    }

    func refuse(invalid field: String, _ problem: String) throws(RecordStoreError) -> Decision {
        try refuse(.invalid(InvalidFields([FieldProblem(path: "data.\(field)", message: problem)])))
    }

    /// What the engine says, with another reply to operations that are carried out now.
    func decide(
        changingReply change: (inout [String: JSONValue]) -> Void
    ) throws(RecordStoreError) -> Decision {
        var decision = try decide()
        decision.changeReply(to: request.operationID, change)
        return decision
    }
}

extension Decision {
    /// The failure that it comes to now.
    var failure: StorageFailure? {
        guard case .outcome(let outcome) = answer else { return nil }
        return outcome.failure
    }

    /// Whether an operation is carried out now, with success.
    var isSuccess: Bool {
        guard case .outcome(let outcome) = answer else { return false }
        return outcome.failure == nil
    }

    mutating func changeRemembered(_ change: (inout RememberedOperation) -> Void) {
        changes = changes.map { element in
            guard case .remember(var operation) = element else { return element }
            change(&operation)
            return .remember(operation)
        }
    }

    /// Nothing is remembered of the operation.
    mutating func forget() {
        changes.removeAll { change in
            if case .remember = change { true } else { false }
        }
    }

    /// Changes the body of a reply that is given for the first time; it is remembered so.
    mutating func changeReply(to operationID: String, _ change: (inout [String: JSONValue]) -> Void) {
        guard case .outcome = answer,
            var members = (try? JSONValue(parsing: replyBody(operationID: operationID)))?.object
        else { return }
        change(&members)
        let body = JSONValue.object(members).encoded()
        changeRemembered { if $0.reply != nil { $0.reply = body } }
        answer = .repeated(body: body)
    }

    /// Changes the `data` of a success that is given for the first time.
    mutating func changeData(to operationID: String, _ change: (inout [String: JSONValue]) -> Void) {
        changeReply(to: operationID) { members in
            guard var data = members["data"]?.object else { return }
            change(&data)
            members["data"] = .object(data)
        }
    }

    /// Changes the record that it comes to, wherever it stands: in the store, in the reply and in the event.
    mutating func changeRecord(to operationID: String, _ change: (inout ImageRecord) -> Void) {
        guard case .outcome(.record(var record)) = answer else { return }
        change(&record)
        let outcome = Outcome.record(record)
        answer = .outcome(outcome)
        changes = changes.map { element in
            switch element {
            case .insertImage: return .insertImage(record)
            case .updateImage: return .updateImage(record)
            case .addVersion: return .addVersion(record)
            case .publish(var event):
                event.record = record
                return .publish(event)
            case .remember(var operation):
                if operation.reply != nil { operation.reply = outcome.reply(to: operationID).encoded() }
                return .remember(operation)
            case .deleteImage, .insertAsset, .touchAsset, .removeAsset, .forgetOperations, .forgetEvents:
                return element
            }
        }
    }
}
