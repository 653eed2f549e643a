/// A pattern in which `*` stands for any text and `?` for one character; everything else for itself.
///
///     Glob("create_*").matches("create_image")   // true
public struct Glob: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let pattern: String

    public init(_ pattern: String) { self.pattern = pattern }

    public init(stringLiteral value: String) { pattern = value }

    public var description: String { pattern }

    /// Whether the whole text fits. Takes at most pattern × text steps, whatever the pattern.
    public func matches(_ text: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var (p, t) = (0, 0)
        // Where the last `*` stood and how far it has eaten: on a mismatch it eats one more.
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                p = last.pattern + 1
                t = last.text + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// Whether any text fits that begins like this and goes on with whatever it takes.
    public func canMatch(prefix: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        // Every place of the pattern that can be reached with what was read.
        var places: Set<Int> = []
        func reach(_ place: Int) {
            guard places.insert(place).inserted, place < pattern.count, pattern[place] == "*" else { return }
            reach(place + 1)
        }
        reach(0)
        for scalar in prefix.unicodeScalars {
            let before = places
            places = []
            for place in before where place < pattern.count {
                if pattern[place] == "*" {
                    reach(place)
                } else if pattern[place] == "?" || pattern[place] == scalar {
                    reach(place + 1)
                }
            }
        }
        // The rest can be whatever is left of the pattern.
        return !places.isEmpty
    }
}
