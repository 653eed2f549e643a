/// How long the search for a regular expression may take: how many ways there are to fit it to a name before it is known
/// not to fit. A backtracking matcher goes through all of them, so that `(a+)+$` would never end.
///
///     try PatternCost.check(text)
///
/// Where what is repeated cannot fit what has to follow (`[^.]+\.`), there is but one way.
///
/// It reads only what it understands beyond doubt, and refuses the rest: nothing that looks like a class or a comment
/// may hide a repetition.
package enum PatternCost {
    /// The binary logarithm of the number of ways: as many as three repetitions without an end have together. A name that
    /// hardly does not fit then takes a quarter of a second.
    private static let bitsMax = 24.0
    /// Octets of a name (AMQP 0-9-1 §4.2.5.3): how often a repetition without an end goes round at most.
    private static let nameOctetsMax = 255.0
    /// Atoms with all counted repetitions written out.
    private static let atomsMax = 10_000.0
    /// Octets of a pattern.
    package static let octetsMax = 4096
    /// Groups in groups: who compiles a pattern calls itself for each.
    fileprivate static let depthMax = 50

    /// Why a pattern is not taken.
    package struct Refusal: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Refuses patterns that could be searched for for ever, and those with references back.
    package static func check(_ pattern: String) throws(Refusal) {
        guard pattern.utf8.count <= octetsMax else {
            throw Refusal(description: "has more than \(octetsMax) octets")
        }
        var reader = PatternReader(pattern)
        let (weight, isAnchored) = try reader.read()
        // Without an anchor the search begins anew at every place of the name.
        let bits = weight.bits + (isAnchored ? 0 : Self.bits(nameOctetsMax + 1))
        guard bits <= bitsMax, weight.atoms <= atomsMax else {
            throw Refusal(description: "can be fitted in too many ways: repetitions, or choices in repetitions")
        }
    }

    /// The binary logarithm of a count, rounded up.
    fileprivate static func bits(_ count: Double) -> Double {
        Double(count.exponent) + (count.significand > 1 ? 1 : 0)
    }

    /// What a part of a pattern costs.
    struct Weight {
        /// The binary logarithm of the number of ways to fit it.
        var bits = 0.0
        /// Its atoms, with counted repetitions written out.
        var atoms = 0.0

        static func atom() -> Weight { Weight(bits: 0, atoms: 1) }

        mutating func append(_ next: Weight) {
            bits += next.bits
            atoms += next.atoms
        }

        /// - Parameter most: nil: without an end.
        mutating func repeated(from least: Double, through most: Double?) {
            let rounds = most ?? max(nameOctetsMax, least)
            let counts = max(0, rounds - least) + 1
            bits = bits * rounds + PatternCost.bits(counts)
            atoms *= max(1, most ?? least)
        }
    }
}

/// Reads a pattern from left to right. Groups that are open are kept in a list, so that no depth of calls depends on it.
private struct PatternReader {
    /// An atom or a group, with its quantifier.
    private struct Part {
        var weight: PatternCost.Weight
        /// What it is one of, or a repetition of.
        var atom: PatternAtom
        var isOptional = false
    }

    /// A group whose end has not come.
    private struct Group {
        /// Alternatives that are complete.
        var alternatives: [PatternCost.Weight] = []
        var current = PatternCost.Weight()
        /// What a quantifier would be for.
        var last: Part?
        /// What is before it.
        var previous: Part?

        mutating func take(_ weight: PatternCost.Weight, _ atom: PatternAtom = .unknown) {
            settle()
            last = Part(weight: weight, atom: atom)
        }

        mutating func settle() {
            guard let last else { return }
            // Only where the one ends the other begins.
            if let previous, !last.isOptional, previous.atom.excludes(last.atom) {
                current.bits -= previous.weight.bits
            }
            current.append(last.weight)
            previous = last
            self.last = nil
        }

        mutating func alternate() {
            settle()
            alternatives.append(current)
            current = PatternCost.Weight()
            previous = nil
        }

        /// Of alternatives, the dearest counts for each.
        var weight: PatternCost.Weight {
            let all = alternatives + [current]
            return PatternCost.Weight(
                bits: (all.map(\.bits).max() ?? 0) + PatternCost.bits(Double(all.count)),
                atoms: all.map(\.atoms).reduce(0, +)
            )
        }
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        scalars.indices.contains(index + offset) ? scalars[index + offset] : nil
    }

    private func refusal(_ text: String) -> PatternCost.Refusal { PatternCost.Refusal(description: text) }

    private func malformed(_ text: String) -> PatternCost.Refusal { refusal("is no regular expression: \(text)") }

    mutating func read() throws(PatternCost.Refusal) -> (PatternCost.Weight, isAnchored: Bool) {
        var open: [Group] = []
        var group = Group()
        while let next = scalar() {
            index += 1
            switch next {
            case "\\":
                group.take(.atom(), PatternAtom(escaped: try readEscape()))
            case "[":
                let start = index
                try readClass()
                group.take(.atom(), PatternAtom(class: scalars[start..<(index - 1)]))
            case "(":
                try readGroupStart()
                open.append(group)
                group = Group()
                guard open.count <= PatternCost.depthMax else {
                    throw refusal("has groups more than \(PatternCost.depthMax) deep")
                }
            case ")":
                guard var outer = open.popLast() else { throw malformed("a ) without a (") }
                group.settle()
                outer.take(group.weight)
                group = outer
            case "|": group.alternate()
            case "*": repeatLast(of: &group, from: 0, through: nil)
            case "+": repeatLast(of: &group, from: 1, through: nil)
            case "?": repeatLast(of: &group, from: 0, through: 1)
            case "{":
                guard let (least, most) = readCount() else {
                    group.take(.atom(), PatternAtom(next))
                    continue
                }
                repeatLast(of: &group, from: least, through: most)
            default: group.take(.atom(), PatternAtom(next))
            }
        }
        guard open.isEmpty else { throw malformed("a ( without a )") }
        group.settle()
        return (group.weight, scalars.first == "^" && group.alternatives.isEmpty)
    }

    private mutating func repeatLast(of group: inout Group, from least: Double, through most: Double?) {
        group.last?.weight.repeated(from: least, through: most)
        if least == 0 { group.last?.isOptional = true }
        // Lazy (`+?`) or possessive (`++`): the ways are the same, or fewer.
        if scalar() == "?" || scalar() == "+" { index += 1 }
    }

    /// `{2}`, `{2,}`, `{,3}` and `{2,3}` from behind the brace; nil for anything else, which stands for itself.
    private mutating func readCount() -> (Double, Double?)? {
        guard let end = scalars[index...].firstIndex(of: "}") else { return nil }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[index..<end].filter { $0 != " " })
        let parts = String(text).split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.map { UInt32($0).map(Double.init) }
        let count: (Double, Double?)
        switch numbers.count {
        case 1:
            guard let exact = numbers[0] else { return nil }
            count = (exact, exact)
        case 2:
            guard numbers[0] != nil || numbers[1] != nil else { return nil }
            guard zip(parts, numbers).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
            count = (numbers[0] ?? 0, numbers[1])
        default: return nil
        }
        index = end + 1
        return count
    }

    /// - Returns: what is behind the backslash.
    @discardableResult
    private mutating func readEscape() throws(PatternCost.Refusal) -> Unicode.Scalar {
        guard let next = scalar() else { throw malformed("it ends with a \\") }
        index += 1
        switch next {
        case "1"..."9", "k", "g": throw refusal("has a reference back")
        case "Q", "E": throw refusal("has a quotation (\\Q)")
        default: return next
        }
    }

    /// From behind the parenthesis to the group's own matter.
    private mutating func readGroupStart() throws(PatternCost.Refusal) {
        if scalar() == "*" { throw refusal("has a (*, which is not known") }
        guard scalar() == "?" else { return }
        index += 1
        if scalar() == "P" { index += 1 }
        switch (scalar(), scalar(1)) {
        case (":"?, _), ("="?, _), ("!"?, _), (">"?, _): index += 1
        case ("<"?, "="?), ("<"?, "!"?): index += 2
        case ("<"?, _):
            guard let end = scalars[index...].firstIndex(of: ">") else { throw malformed("a (?< without a >") }
            guard scalars[(index + 1)..<end].allSatisfy({ $0 == "_" || $0.properties.isAlphabetic || isDigit($0) })
            else { throw refusal("has a group with a name that is not understood") }
            index = end + 1
        default:
            while let flag = scalar(), ["i", "m", "s", "-"].contains(flag) { index += 1 }
            // What changes how the rest is to be read (`(?x)`), remarks, calls and conditions are not among those.
            guard scalar() == ":" || scalar() == ")" else { throw refusal("has a (? that is not known") }
            if scalar() == ":" { index += 1 }
        }
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// From behind the bracket to behind the class.
    private mutating func readClass() throws(PatternCost.Refusal) {
        if scalar() == "^" { index += 1 }
        if scalar() == "]" { throw refusal("has a class that begins with ]; write \\]") }
        while let next = scalar() {
            index += 1
            switch next {
            case "]": return
            case "\\": try readEscape()
            case "[": try readNamedClass()
            default: continue
            }
        }
        throw malformed("a [ without a ]")
    }

    /// `[:alpha:]` from behind the bracket.
    private mutating func readNamedClass() throws(PatternCost.Refusal) {
        let rest = scalars[index...]
        guard rest.first == ":", let end = rest.dropFirst().firstIndex(of: ":"), end + 1 < scalars.endIndex,
            scalars[end + 1] == "]",
            rest.dropFirst().prefix(upTo: end).allSatisfy({ $0 == "^" || $0.properties.isAlphabetic })
        else { throw refusal("has a [ in a class; write \\[") }
        index = end + 2
    }
}
