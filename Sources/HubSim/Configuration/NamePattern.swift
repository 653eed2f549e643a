import Octets

/// A regular expression that is looked for in names of queues and exchanges, anywhere in them.
public struct NamePattern: Sendable, Hashable, CustomStringConvertible {
    /// It is no regular expression, or one that could be searched for for ever.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public let text: String
        /// What is wrong with it, to be read after its name.
        public let problem: String
        public var description: String { "'\(text)' \(problem)" }
    }

    public let text: String
    public var description: String { text }

    /// Fits every name.
    public static let all = NamePattern(checked: ".*")
    /// Fits no name but the empty one.
    public static let none = NamePattern(checked: "")

    /// Checks that it is one, and that every search for it ends soon (`PatternCost`).
    public init(_ text: String) throws(Malformed) {
        // First of all: compiling one costs too.
        do throws(PatternCost.Refusal) {
            try PatternCost.check(text)
        } catch {
            throw Malformed(text: text, problem: error.description)
        }
        do {
            _ = try Regex(text)
        } catch {
            throw Malformed(text: text, problem: "is no regular expression: \(error)")
        }
        self.text = text
    }

    private init(checked text: String) { self.text = text }
}

/// A pattern at work. Remembers what it found, because the same names come again and again.
final class NameMatcher {
    private let regex: Regex<AnyRegexOutput>?
    /// Where there is no expression to look for: whether everything fits, or only the empty name.
    private let fitsEverything: Bool
    private var known: [ExactText: Bool] = [:]
    /// Names that are remembered. Over it, all are forgotten.
    private static let knownMax = 4096

    init(_ pattern: NamePattern) {
        guard !["", ".*", "^.*", ".*$", "^.*$"].contains(pattern.text) else {
            // As in RabbitMQ, an empty expression is `^$`, though it would be found in any name.
            (regex, fitsEverything) = (nil, !pattern.text.isEmpty)
            return
        }
        do {
            regex = try Regex(pattern.text).matchingSemantics(.unicodeScalar)
            fitsEverything = false
        } catch {
            preconditionFailure("Cannot compile '\(pattern.text)', which was checked: \(error)")
        }
    }

    func fits(_ name: String) -> Bool {
        guard let regex else { return fitsEverything || name.isEmpty }
        if let answer = known[name] { return answer }
        let answer = name.contains(regex)
        if known.count >= Self.knownMax { known.removeAll() }
        known[name] = answer
        return answer
    }
}
