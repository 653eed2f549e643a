/// Some kinds of faults, as bits: whether one is among them is asked for every message.
public struct FaultKindSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    let bits: UInt64

    public init(_ kinds: some Sequence<FaultKind>) {
        bits = kinds.reduce(0) { $0 | $1.bit }
    }

    public init(arrayLiteral kinds: FaultKind...) { self.init(kinds) }

    public func contains(_ kind: FaultKind) -> Bool { bits & kind.bit != 0 }

    /// All kinds of one part of the house.
    public static func all(of side: FaultKind.Side) -> FaultKindSet {
        FaultKindSet(FaultKind.allCases.filter { $0.side == side })
    }

    /// Every kind.
    public static let all = FaultKindSet(FaultKind.allCases)
}

extension FaultKind {
    private static let numbers = Dictionary(uniqueKeysWithValues: zip(allCases, 0..<allCases.count))

    /// Its own bit. There are fewer kinds than bits in a word.
    fileprivate var bit: UInt64 { 1 << UInt64(Self.numbers[self] ?? 63) }
}
