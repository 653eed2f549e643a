import JSON

/// One thing that happened in a simulator, as it is read over HTTP and written by `--record`: one JSON object a line.
///
///     {"seq": 17, "at_ms": 1203, "event": "decision", "namespace": "", "rule": "late-get", "nth": 2, …}
public struct JournalEntry: Sendable, Hashable {
    /// From 1, without gaps.
    public let sequence: Int
    /// Milliseconds since the journal began.
    public let atMs: Int64
    public let event: JournalEvent
    /// Whose: parallel tests against one simulator each have a namespace of their own; empty for the default one.
    public let namespace: String
    /// What is to be said of it. Never a secret, and no more of a body than tells what it was.
    public let details: [String: JSONValue]

    public init(
        sequence: Int,
        atMs: Int64,
        event: JournalEvent,
        namespace: String = "",
        details: [String: JSONValue] = [:]
    ) {
        self.sequence = sequence
        self.atMs = atMs
        self.event = event
        self.namespace = namespace
        self.details = details
    }

    /// The same with its long texts cut, of which a client can send any.
    /// - Parameter count: how many characters of a text stay, as Unicode scalars.
    func shortened(to count: Int) -> JournalEntry {
        func isLong(_ value: JSONValue) -> Bool { (value.string?.utf8.count ?? 0) > count }
        guard details.values.contains(where: isLong) else { return self }
        let details = details.mapValues { value -> JSONValue in
            guard let text = value.string, text.unicodeScalars.count > count else { return value }
            return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(count))) + "…")
        }
        return JournalEntry(sequence: sequence, atMs: atMs, event: event, namespace: namespace, details: details)
    }

    /// Its line. What is common to all entries wins over details of the same name.
    public var json: JSONValue {
        var members = details
        members["seq"] = .integer(Int64(sequence))
        members["at_ms"] = .integer(atMs)
        members["event"] = .string(event.rawValue)
        members["namespace"] = .string(namespace)
        return .object(members)
    }
}

/// What kinds of things a journal tells.
public enum JournalEvent: String, Sendable, Hashable, CaseIterable {
    /// A plan was armed; the details are the plan.
    case armed
    /// The plan was taken away.
    case disarmed
    /// Something came that a fault could strike: a storage request, an asset request, a message.
    case request
    /// A rule fired.
    case decision
    /// State has changed.
    case effect
    /// A request was answered.
    case reply
    /// An event or an announcement was published.
    case event
    /// A client came or went.
    case connection
    /// All state was thrown away.
    case reset
}
