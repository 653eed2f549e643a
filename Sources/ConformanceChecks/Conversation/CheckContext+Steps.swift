import HubProtocol
import JSON

/// The steps that checks are made of.
extension CheckContext {
    /// Fails for a reason where something is not so.
    func require(
        _ isSo: Bool,
        _ reason: String,
        _ message: @autoclosure () -> String,
        expected: JSONValue? = nil,
        actual: JSONValue? = nil
    ) throws(CheckFailure) {
        if !isSo { throw CheckFailure(reason, message(), expected: expected, actual: actual) }
    }

    /// Fails for a reason where two values are not equal.
    /// - Parameter path: where the value stands in the body that came, key by key, so that the report can say so.
    func requireEqual(
        _ actual: JSONValue?,
        at path: [String] = [],
        _ expected: JSONValue,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        guard actual != expected else { return }
        func placed(_ value: JSONValue) -> JSONValue { path.reversed().reduce(value) { .object([$1: $0]) } }
        // Without the value, the place is empty.
        let found = actual.map(placed) ?? (path.isEmpty ? .null : [:])
        throw CheckFailure(reason, message(), expected: placed(expected), actual: found)
    }

    /// Fails for a reason where one of these fields of a value is not equal to that of another.
    func requireSame(
        _ fields: [String],
        of actual: JSONValue?,
        at path: [String] = ["data"],
        as expected: JSONValue,
        _ reason: String,
        _ message: (_ field: String) -> String
    ) throws(CheckFailure) {
        for field in fields {
            try requireEqual(actual?[field], at: path + [field], expected[field] ?? .null, reason, message(field))
        }
    }

    /// Fails for a reason where a text is another.
    /// - Parameter path: where it stands in what came: `["properties", "content_type"]`, `["headers", "etag"]`.
    func requireText(
        _ actual: String?,
        at path: [String],
        _ expected: String,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        try requireEqual(actual.map(JSONValue.string), at: path, .string(expected), reason, message())
    }

    /// Fails for a reason where the `updated_at` of a record is not later than a time.
    func requireLater(
        _ record: JSONValue,
        than time: String?,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        try require(
            (record.updatedAt ?? "") > (time ?? ""),
            reason,
            message(),
            expected: ["data": ["metadata": ["updated_at": .string("later than \(time ?? "")")]]],
            actual: ["data": record]
        )
    }

    /// Asks the same again, and fails for a reason where the reply is another than the first.
    func requireSameReply(
        to question: Question,
        as first: Received,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) async throws {
        let again = try await ask(question)
        try requireEqual(again.json, first.json ?? .null, reason, message())
    }

    /// The data of a reply that has to be a success.
    @discardableResult
    func success(_ reply: Received, _ what: String) throws(CheckFailure) -> JSONValue {
        if reply.isSuccess { return reply.data }
        guard reply.json?.object != nil else {
            throw CheckFailure("reply.unreadable", "the reply to \(what) is no JSON object")
        }
        if let code = reply.code {
            throw CheckFailure(
                "reply.unexpected-error",
                "\(what) was answered with \(code)",
                expected: ["status": "success"],
                actual: reply.json
            )
        }
        throw CheckFailure(
            "reply.no-success",
            "the reply to \(what) is neither a success with data nor an error with a code",
            expected: ["status": "success", "data": [:]],
            actual: reply.json
        )
    }

    /// Asks for what has to succeed, and gives the data.
    @discardableResult
    func succeed(_ operation: String, _ data: JSONValue, id: String? = nil) async throws -> JSONValue {
        try success(try await ask(operation, data, id: id), operation)
    }

    /// Fails where a reply is an error: with a reason of the check's own, before `success` has one for any reply.
    func notRefused(_ reply: Received, _ reason: String, _ what: String) throws(CheckFailure) {
        try require(
            reply.code == nil,
            reason,
            "\(what) was refused",
            expected: ["status": "success"],
            actual: reply.json
        )
    }

    /// Fails where a reply is an error with this very code: with a reason of the check's own, before `success` has one.
    func notRefused(
        _ reply: Received,
        with code: String,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        try require(
            reply.code != code,
            reason,
            message(),
            expected: ["status": "success"],
            actual: reply.json
        )
    }

    /// Fails where a reply is no refusal with this code. `reason` is that of a success; another code has a reason of its
    /// own.
    func refused(_ reply: Received, _ code: String, _ reason: String, _ what: String) throws(CheckFailure) {
        let right: JSONValue = ["status": "error", "error": ["code": .string(code)]]
        if reply.status == "success" {
            throw CheckFailure(reason, "\(what): accepted, should be \(code)", expected: right, actual: reply.json)
        }
        guard let found = reply.code else {
            throw CheckFailure(
                "reply.no-error",
                "\(what): neither a success nor an error with a code, should be \(code)",
                expected: right,
                actual: reply.json
            )
        }
        guard found == code else {
            throw CheckFailure(
                "error.other-code",
                "\(what): answered with \(found), should be \(code)",
                expected: right,
                actual: reply.json
            )
        }
    }

    /// Sends what has to be refused. `isWrong`: it breaks a rule for requests itself.
    func expectRefusal(
        _ operation: String,
        _ data: JSONValue,
        _ code: String,
        _ reason: String,
        _ what: String,
        isWrong: Bool = true
    ) async throws {
        var question = Question(operation, newID(), data)
        question.isWrong = isWrong
        try refused(try await ask(question), code, reason, what)
    }

    /// Runs steps that the check only stands on: where they fail, it could not run.
    @discardableResult
    func setUp<Result: Sendable>(_ steps: () async throws -> Result) async throws -> Result {
        do {
            return try await steps()
        } catch let failure as CheckFailure {
            throw Obstacle("setup.failed", "what the check stands on failed: \(failure.message)")
        }
    }

    /// As long as nothing must come, for "no second one" to be proven.
    func quiet() async throws { try await run.time.sleep(for: run.quiet) }
}
