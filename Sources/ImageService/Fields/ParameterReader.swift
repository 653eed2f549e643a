import HTTPServing
import HubProtocol

/// Reads the parameters of one request's path and query and gathers everything that is wrong with them.
///
///     var read = ParameterReader(try QueryItems(request))
///     let limit = read.integer("limit", in: 1...1000) ?? 100
///     try read.finish()   // throws ValidationFailure when anything was wrong
package struct ParameterReader {
    private let query: QueryItems?
    private var errors: [FieldError] = []

    /// - Parameter query: `nil` for a route that has no parameters in its query. Unknown ones are nobody's business.
    package init(_ query: QueryItems? = nil) { self.query = query }

    /// A text of the query, trimmed; `nil` where it is absent or wrong.
    package mutating func text(_ name: String) -> String? {
        guard let raw = last(name) else { return nil }
        do {
            return try FieldText.trimmed(raw)
        } catch {
            report(["query", name], error)
            return nil
        }
    }

    /// A whole number of the query; `nil` where it is absent or wrong.
    package mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let raw = last(name) else { return nil }
        do {
            return try ParameterReader.integer(raw, in: range)
        } catch {
            report(["query", name], error)
            return nil
        }
    }

    /// One of some words of the query; `nil` where it is absent or wrong.
    package mutating func choice<Choice: RawRepresentable<String>>(_ name: String, of choices: [Choice]) -> Choice? {
        guard let raw = last(name) else { return nil }
        if let choice = choices.first(where: { $0.rawValue == raw }) { return choice }
        report(["query", name], .notOneOf(choices.map(\.rawValue)))
        return nil
    }

    /// `true` or `false` of the query; `nil` where it is absent or wrong.
    package mutating func flag(_ name: String) -> Bool? {
        guard let raw = last(name) else { return nil }
        switch raw.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default:
            report(["query", name], .notBoolean)
            return nil
        }
    }

    /// The `image_id` of the path: a UUID in its usual form (RFC 9562 §4), whose letters may be of either case.
    /// Returned in lower case, as it is written where it is made: storage compares ids exactly.
    package mutating func imageID(_ raw: String) -> String {
        if !ParameterReader.isUUID(raw) { report(["path", "image_id"], .notUUID) }
        return raw.lowercased()
    }

    package mutating func report(_ location: [String], _ fault: FieldFault) {
        errors.append(FieldError(location, fault))
    }

    /// Ends the reading: throws when anything was missing or wrong.
    package func finish() throws(ValidationFailure) {
        if !errors.isEmpty { throw ValidationFailure(errors) }
    }

    // Of several values the last one counts, as FastAPI takes it.
    private func last(_ name: String) -> String? { query?.values(name).last }

    /// Digits with an optional sign; what is too long for 64 bits is out of any range, not unreadable.
    private static func integer(_ raw: String, in range: ClosedRange<Int>) throws(FieldFault) -> Int {
        let isNegative = raw.utf8.first == UInt8(ascii: "-")
        let digits = isNegative || raw.utf8.first == UInt8(ascii: "+") ? raw.utf8.dropFirst() : raw.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .notInteger
        }
        let value = Int(raw) ?? (isNegative ? .min : .max)
        guard value >= range.lowerBound else { throw .below(range.lowerBound) }
        guard value <= range.upperBound else { throw .above(range.upperBound) }
        return value
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.enumerated()
            .allSatisfy { index, byte in
                switch index {
                case 8, 13, 18, 23: byte == UInt8(ascii: "-")
                default:
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
                }
            }
    }
}
