import JSON

/// The first place where two JSON values differ, keys in their order.
public struct Difference: Sendable, Hashable {
    /// As in JSON Pointer (RFC 6901), with `/` for the whole.
    public var path: String
    /// `nil`: not there.
    public var expected: JSONValue?
    public var actual: JSONValue?

    static func first(expected: JSONValue, actual: JSONValue, path: String = "") -> Difference? {
        switch (expected, actual) {
        case (.object(let left), .object(let right)):
            // A right value names what has to be there; fields beyond it are free.
            for key in left.keys.sorted() {
                guard let wanted = left[key] else { continue }
                let place = path + "/" + key
                guard let got = right[key] else { return Difference(path: place, expected: wanted, actual: nil) }
                if let found = first(expected: wanted, actual: got, path: place) { return found }
            }
            return nil
        case (.array(let left), .array(let right)):
            for (index, wanted) in left.enumerated() {
                let place = path + "/\(index)"
                guard index < right.count else { return Difference(path: place, expected: wanted, actual: nil) }
                if let found = first(expected: wanted, actual: right[index], path: place) { return found }
            }
            guard right.count > left.count else { return nil }
            return Difference(path: path + "/\(left.count)", expected: nil, actual: right[left.count])
        default:
            return expected == actual
                ? nil : Difference(path: path.isEmpty ? "/" : path, expected: expected, actual: actual)
        }
    }
}
