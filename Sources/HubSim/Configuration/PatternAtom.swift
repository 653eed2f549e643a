/// What one atom of a regular expression fits, as far as that is known beyond doubt: ASCII alone.
enum PatternAtom: Sendable, Hashable {
    case only(Set<Unicode.Scalar>)
    case allBut(Set<Unicode.Scalar>)
    /// Anything, or nothing at all (`^`).
    case unknown

    /// A character that stands for itself.
    init(_ scalar: Unicode.Scalar) {
        self = scalar.isASCII && !".^$".unicodeScalars.contains(scalar) ? .only([scalar]) : .unknown
    }

    /// A character behind a backslash. Letters and digits have meanings of their own.
    init(escaped scalar: Unicode.Scalar) {
        self =
            scalar.isASCII && !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
            ? .only([scalar]) : .unknown
    }

    /// A class from behind its bracket to its end.
    init(class text: some Collection<Unicode.Scalar>) {
        var rest = text[...]
        let isInverted = rest.first == "^"
        if isInverted { rest = rest.dropFirst() }
        var members: Set<Unicode.Scalar> = []
        var before: Unicode.Scalar?
        while let next = rest.popFirst() {
            // What is cut from classes (`&&`, `--`, `~~`).
            guard next != before else {
                self = .unknown
                return
            }
            if next == "-", let least = before, let most = rest.popFirst() {
                guard most.isASCII, most != "\\", most != "[", most != "-", least <= most else {
                    self = .unknown
                    return
                }
                members.formUnion((least.value...most.value).compactMap(Unicode.Scalar.init))
                before = most
                continue
            }
            // Escapes and named classes may be anything.
            guard next.isASCII, next != "\\", next != "[" else {
                self = .unknown
                return
            }
            members.insert(next)
            before = next
        }
        self = isInverted ? .allBut(members) : .only(members)
    }

    /// Whether nothing fits both, whatever is said of upper and lower case.
    func excludes(_ other: PatternAtom) -> Bool {
        switch (self, other) {
        case (.only(let left), .only(let right)):
            Set(left.map(\.properties.lowercaseMapping)).isDisjoint(with: right.map(\.properties.lowercaseMapping))
        case (.only(let inside), .allBut(let outside)), (.allBut(let outside), .only(let inside)):
            inside.isSubset(of: outside)
        case (.allBut, .allBut), (.unknown, _), (_, .unknown): false
        }
    }
}
