import JSON

/// How a check ended.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
    case pass
    /// A MUST is broken.
    case fail
    /// A SHOULD is not followed.
    case warn
    /// The service or the run does not have what the check is about.
    case notApplicable = "not_applicable"
    /// It was not found out. Never reads as a pass: the run is incomplete.
    case couldNotRun = "could_not_run"
    /// It failed, as the baseline says that it does.
    case expectedFailure = "expected_failure"
}

/// The service does not do what a sentence says.
public struct CheckFailure: Error, Sendable, Hashable {
    /// Why, as a stable name: a failure for another reason is another outcome.
    public var reason: String
    /// For people, and for baselines: the same in every run, so without ids and times.
    public var message: String
    /// What would have been right, as far as it is known.
    public var expected: JSONValue?
    /// What came.
    public var actual: JSONValue?

    init(_ reason: String, _ message: String, expected: JSONValue? = nil, actual: JSONValue? = nil) {
        self.reason = reason
        self.message = message
        self.expected = expected
        self.actual = actual
    }
}

/// Something that a check stands on is missing, so that nothing can be said.
public struct Obstacle: Error, Sendable, Hashable {
    public var reason: String
    public var message: String

    init(_ reason: String, _ message: String) {
        self.reason = reason
        self.message = message
    }
}

/// What the check is about is not there, and need not be.
struct NothingToCheck: Error {
    var message: String
}

/// A mistake of the checker's own: the run says nothing then.
public struct CheckerFault: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}
