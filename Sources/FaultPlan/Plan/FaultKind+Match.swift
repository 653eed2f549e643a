/// What of a match is known where a fault strikes. A rule that asks for anything else could never fire.
extension FaultKind {
    /// The fields of a match that can fit at this point.
    func fieldsKnown(at phase: FaultPhase) -> Set<String> {
        switch side {
        case .storageHub: FaultMatch.fieldsOfData
        case .storageAssets: ["route"]
        case .hub:
            switch phase {
            // The client has said who it is, and nothing else yet.
            case .connect: ["connection"]
            // An acknowledgement is about the message that it settles.
            case .publish, .delivery, .acknowledge:
                FaultMatch.fieldsOfData.union(["queue", "routing_key", "connection"])
            case .declare: ["queue", "routing_key", "connection"]
            case .consume: ["queue", "connection"]
            // No kind of the hub strikes there.
            case .received, .beforeEffect, .afterEffect, .beforeReply, .afterReply, .beforeAck: []
            }
        }
    }

    /// The point at which a rule strikes that does not name one: the kind's usual one, or, where what the match asks for
    /// is not known there yet, the first at which it is. Nil: there is no such point.
    func phase(for match: FaultMatch) -> FaultPhase? {
        let asked = Set(match.patterns.map(\.field))
        return phases.first { asked.isSubset(of: fieldsKnown(at: $0)) }
    }

    /// The fields of a match that are known at none of these points.
    func fieldsNeverKnown(in match: FaultMatch, at phases: [FaultPhase]) -> [String] {
        match.patterns.map(\.field).filter { field in !phases.contains { fieldsKnown(at: $0).contains(field) } }
    }
}

extension FaultRule {
    /// The point at which the rule strikes: the one that it names, else the first of its kind's at which all that its
    /// match asks for is known.
    public var point: FaultPhase? { phase ?? fault.kind.phase(for: match) }
}
