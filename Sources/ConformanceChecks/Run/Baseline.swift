import JSON

/// Failures that are known: those become expected, and a failure that is another, or none any more, makes the entry stale.
///
///     {"failures": [{"check": "list.order", "reason": "list.order", "message": "the images of a list are not …"}]}
public struct Baseline: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var check: String
        public var reason: String
        public var message: String
    }

    /// An entry that does not say any more what happens.
    public struct Stale: Sendable, Hashable {
        public var check: String
        /// What happened instead.
        public var message: String
        /// Whether the check fails, but otherwise.
        public var fails: Bool
    }

    public var entries: [Entry]

    public static let none = Baseline(entries: [])

    public init(entries: [Entry]) { self.entries = entries }

    /// Reads a file. Throws a line that says what is wrong in it.
    public init(parsing bytes: [UInt8]) throws(BaselineError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: bytes, refusingRepeatedKeys: true)
        } catch {
            throw BaselineError("it is no JSON: \(error)")
        }
        guard let list = json["failures"]?.array, json.object?.count == 1 else {
            throw BaselineError("it must be an object with the one key failures, an array")
        }
        var entries: [Entry] = []
        for (index, element) in list.enumerated() {
            guard let check = element["check"]?.string, let reason = element["reason"]?.string,
                let message = element["message"]?.string, element.object?.count == 3
            else { throw BaselineError("failures[\(index)] must have check, reason and message, and nothing else") }
            guard Catalogue.checks.contains(where: { $0.id == check }) else {
                throw BaselineError("failures[\(index)] names the check '\(check)', which there is not")
            }
            guard !entries.contains(where: { $0.check == check }) else {
                throw BaselineError("failures[\(index)] names '\(check)' again")
            }
            entries.append(Entry(check: check, reason: reason, message: message))
        }
        self.entries = entries
    }

    /// Marks what is expected, and tells which entries are stale. Checks that did not run say nothing about theirs.
    func applied(to results: [CheckResult]) -> (results: [CheckResult], stale: [Stale]) {
        var results = results
        var stale: [Stale] = []
        for entry in entries {
            guard let index = results.firstIndex(where: { $0.id == entry.check }) else { continue }
            let result = results[index]
            switch result.outcome {
            case .fail, .warn:
                if result.reason == entry.reason, result.message == entry.message {
                    results[index].outcome = .expectedFailure
                } else {
                    let message = "fails otherwise: \(result.reason ?? ""): \(result.message ?? "")"
                    stale.append(Stale(check: entry.check, message: message, fails: true))
                }
            case .pass: stale.append(Stale(check: entry.check, message: "passes", fails: false))
            case .notApplicable: stale.append(Stale(check: entry.check, message: "is not applicable", fails: false))
            case .couldNotRun, .expectedFailure: break
            }
        }
        return (results, stale)
    }
}

/// A baseline that cannot be read; the text is the rest of a sentence about the file.
public struct BaselineError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
