import HTTPServing
import HTTPTypes
import Hummingbird
import JSON

/// What the admin routes read of a request.
package enum AdminRequest {
    /// The namespace that `X-Sim-Namespace` names; empty where there is none.
    ///
    /// Throws 422 where it is not 1 to 100 letters, digits, `.`, `_` or `-`.
    package static func namespace(_ request: Request) throws(APIError) -> String {
        guard let text = request.headers[.simNamespace] else { return "" }
        guard isName(text) else { throw .invalid("header", "X-Sim-Namespace", nameRule) }
        return text
    }

    private static let nameRule = "must be 1 to 100 letters, digits, '.', '_' or '-'"

    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy(isSafe)
    }

    /// The namespace that `namespace` in the query names, empty for the default one; nil where it names none. Throws 422
    /// where it can be none.
    package static func queriedNamespace(_ query: QueryItems) throws(APIError) -> String? {
        guard let text = query["namespace"], !text.isEmpty else { return query["namespace"] }
        guard isName(text) else { throw .invalid("query", "namespace", nameRule) }
        return text
    }

    /// A whole number in the query. Throws 422 where it is something else.
    package static func integer(
        _ name: String,
        in range: ClosedRange<Int>,
        default standard: Int,
        _ query: QueryItems
    ) throws(APIError) -> Int {
        guard let text = query[name] else { return standard }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
            throw .invalid("query", name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func isSafe(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension APIError {
    /// 422 `VALIDATION_ERROR` with each mistake's place, as the Image Service says it: `{"loc": […], "msg": …, "type": …}`.
    package static func validation(_ problems: [(place: [String], message: String)]) -> APIError {
        APIError(
            .unprocessableContent,
            "VALIDATION_ERROR",
            problems.map { "\($0.place.last ?? "") \($0.message)" }.joined(separator: "; "),
            details: [
                "errors": .array(
                    problems.map { problem in
                        [
                            "loc": .array(problem.place.map(JSONValue.string)), "msg": .string(problem.message),
                            "type": "value_error",
                        ]
                    }
                )
            ]
        )
    }

    /// 422 for one mistake.
    package static func invalid(_ part: String, _ name: String, _ message: String) -> APIError {
        .validation([([part, name], message)])
    }

    /// 422 for the mistakes in a body.
    package static func invalid(_ fields: InvalidFields) -> APIError {
        .validation(fields.problems.map { ($0.path.isEmpty ? ["body"] : ["body", $0.path], $0.message) })
    }
}

extension HTTPField.Name {
    /// `X-Sim-Namespace`: which of a simulator's namespaces a request is about.
    package static var simNamespace: HTTPField.Name {
        guard let name = HTTPField.Name("X-Sim-Namespace") else { preconditionFailure("Cannot name X-Sim-Namespace") }
        return name
    }
}
