import FaultPlan
import Testing

/// What a client sees of one fault, whatever it asks for: one row of the table.
struct FaultRow: Sendable, CustomTestStringConvertible {
    /// What the client is told.
    enum Answer: Sendable, Equatable {
        /// As without any fault.
        case asUsual
        /// An error: its status and `error.code`, and of `error.details` the `reason` and the `storage_code`.
        case error(Int, String, reason: String? = nil, storageCode: String? = nil)

        /// 504: no answer in time. What was asked for may have happened.
        static let timeout = error(504, "STORAGE_ERROR", reason: "timeout")
        /// 503 with `Retry-After`: nobody there.
        static let unavailable = error(503, "STORAGE_ERROR", reason: "unavailable")
        /// 503 with `Retry-After`: no more room.
        static let full = error(503, "STORAGE_ERROR", reason: "full")
        /// 502: an answer that is none.
        static let invalid = error(502, "STORAGE_ERROR", reason: "invalid_response")
        /// 502: storage says no, with this code.
        static func rejected(_ code: String) -> Answer {
            error(502, "STORAGE_ERROR", reason: "rejected", storageCode: code)
        }
    }

    /// What there is afterwards of what was asked for.
    enum Effect: String, Sendable {
        /// Nothing.
        case none
        /// It happened, once.
        case once
        /// The answer says that it happened, and it did not.
        case lost
        /// Nothing was to happen; the answer is of before the last change.
        case past
    }

    /// What a client does who wants it done, once storage is well again.
    enum Recovery: String, Sendable {
        case nothing = "nothing"
        case sendAgain = "send it again"
        /// Sent again it would be done twice, or be refused.
        case lookFirst = "look: it has happened"
        case lookAndSendAgain = "look: it has not happened; send it again"
    }

    /// The fault in short form: kind and parameters.
    let fault: String
    /// Where it strikes; nil: where it usually does.
    let phase: FaultPhase?
    /// Whether it strikes again whenever it can; else once.
    let isAlways: Bool
    /// A second rule that the plan needs so that this one can strike: in short form, for this operation.
    let also: String?
    let operations: [ClientOperation]
    let answer: Answer
    let effect: Effect

    init(
        _ fault: String,
        at phase: FaultPhase? = nil,
        always isAlways: Bool = false,
        also: String? = nil,
        on operations: [ClientOperation] = ClientOperation.allCases,
        _ answer: Answer,
        _ effect: Effect
    ) {
        self.fault = fault
        self.phase = phase
        self.isAlways = isAlways
        self.also = also
        self.operations = operations
        self.answer = answer
        self.effect = effect
    }

    /// The kind's name in a plan.
    var kind: String { String(fault.prefix { $0 != ":" }) }
    private var isOfAssets: Bool { kind.hasPrefix("http_") }

    var testDescription: String {
        fault + (phase.map { " at \($0.rawValue)" } ?? "") + (isAlways ? " always" : "")
            + (also.map { " after \($0)" } ?? "")
    }

    /// The plan for an operation.
    func plan(for operation: ClientOperation) throws -> FaultPlan {
        var match = operation.storageOperation
        if isOfAssets { match = "route=\(also == nil ? operation.assetRoute ?? "" : "DELETE") /api/v2/assets/*" }
        if let phase { match += ",at=\(phase.rawValue)" }
        var rules = ["\(match):\(fault)\(isAlways ? "" : ":x1")"]
        if let also { rules.append("\(operation.storageOperation):\(also):x1") }
        return try FaultPlan(shortForm: rules.joined(separator: ";"), seed: 7)
    }

    func recovery(for operation: ClientOperation) -> Recovery {
        switch (answer, effect) {
        case (.asUsual, .once), (.asUsual, .none): .nothing
        case (.asUsual, .lost): .lookAndSendAgain
        case (_, .past): .sendAgain
        case (.error, .once): ClientOperation.reading.contains(operation) ? .sendAgain : .lookFirst
        case (.error, _): .sendAgain
        }
    }
}
