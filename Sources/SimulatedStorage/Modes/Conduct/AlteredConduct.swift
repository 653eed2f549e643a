import HubProtocol
import JSON
import MessageHub

// Conducts that do one thing otherwise, given as a function: most modes need no more.

/// Declares or binds otherwise.
struct AlteredTopology: Conduct {
    var exchangeChange: @Sendable (inout ExchangeDeclaration) -> Void = { _ in }
    var queueChange: @Sendable (inout QueueDeclaration) -> Void = { _ in }
    var key: @Sendable (String) -> String? = { $0 }

    func exchange(_ declaration: ExchangeDeclaration) -> ExchangeDeclaration {
        var declaration = declaration
        exchangeChange(&declaration)
        return declaration
    }

    func queue(_ declaration: QueueDeclaration, on line: Line) -> QueueDeclaration {
        var declaration = declaration
        queueChange(&declaration)
        return declaration
    }

    func bindingKey(_ key: String) -> String? { self.key(key) }
}

/// Takes messages otherwise.
struct AlteredDeliveries: Conduct {
    let change: @Sendable (HubDelivery, Line) async -> HubDelivery?

    init(_ change: @escaping @Sendable (HubDelivery, Line) async -> HubDelivery?) { self.change = change }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? { await change(delivery, line) }
}

/// Decides otherwise.
struct AlteredDecisions: Conduct {
    let change: @Sendable (Question) throws(RecordStoreError) -> Decision

    init(_ change: @escaping @Sendable (Question) throws(RecordStoreError) -> Decision) { self.change = change }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision { try change(question) }
}

/// Answers one operation with other data.
struct AlteredData: Conduct {
    let operation: OperationName
    let change: AlteredMembers

    init(of operation: OperationName, _ change: @escaping AlteredMembers) {
        self.operation = operation
        self.change = change
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        if question.operation == operation { decision.changeData(to: question.request.operationID, change) }
        return decision
    }
}

/// Publishes other messages of one kind.
struct AlteredPublications: Conduct {
    let kind: Publication.Kind
    /// False: it is not published at all.
    let change: @Sendable (inout Publication) -> Bool

    /// Others are not published.
    init(only kind: Publication.Kind, where isPublished: @escaping @Sendable (Publication) -> Bool) {
        self.kind = kind
        change = { isPublished($0) }
    }

    init(_ kind: Publication.Kind, _ change: @escaping @Sendable (inout Publication) -> Void) {
        self.kind = kind
        self.change = { publication in
            change(&publication)
            return true
        }
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == kind, !change(&publication) { return }
        try await line.publish(publication)
    }
}

/// Changes the members of a JSON object.
typealias AlteredMembers = @Sendable (inout [String: JSONValue]) -> Void

/// Publishes other records and versions, in replies and events alike.
struct AlteredRecords: Conduct {
    let change: AlteredMembers

    init(_ change: @escaping AlteredMembers) { self.change = change }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind != .announcement { publication.changeRecords(change) }
        try await line.publish(publication)
    }
}
