import HubProtocol

/// What of a match comes at all where a fault of the storage side strikes. A rule that waits for anything else could
/// never fire: it is refused where it is armed, for a test that counts on it would be none.
extension FaultRule {
    /// What the rule asks for that no request has: the field of the match, and why.
    var unreachable: [(field: String, message: String)] {
        switch fault.kind.side {
        case .storageHub: unreachableOperation
        case .storageAssets: unreachableRoute
        // A message of any kind can pass a hub.
        case .hub: []
        }
    }

    // MARK: Requests on the hub

    private var unreachableOperation: [(field: String, message: String)] {
        let named = OperationName.allCases.filter { match.operation?.matches($0.rawValue) ?? true }
        guard !named.isEmpty else {
            return [("operation", "is no operation of storage; there are \(Self.list(OperationName.allCases))")]
        }
        let struck = named.filter(fault.kind.strikes)
        guard !struck.isEmpty else {
            let able = OperationName.allCases.filter(fault.kind.strikes)
            return [("operation", "is none that \(fault.kind.rawValue) strikes: \(Self.list(able))")]
        }
        let asked = match.patterns.map(\.field).filter { $0 != "operation" }
        if struck.contains(where: { Set(asked).isSubset(of: $0.matchableFields) }) { return [] }
        let missing = asked.filter { field in !struck.contains { $0.matchableFields.contains(field) } }
        // Each comes, but never all in one request.
        return (missing.isEmpty ? asked.suffix(1) : missing).map { field in
            let rest = missing.isEmpty ? " beside \(asked.dropLast().joined(separator: ", "))" : ""
            return (field, "is never in the data of \(Self.list(struck))\(rest)")
        }
    }

    private static func list(_ operations: [OperationName]) -> String {
        operations.map(\.rawValue).joined(separator: ", ")
    }

    // MARK: The asset API

    private var unreachableRoute: [(field: String, message: String)] {
        guard let route = match.route else { return [] }
        let reached = AssetMethod.allCases.filter { route.canMatch(prefix: $0.rawValue + " " + AssetMethod.path) }
        guard !reached.isEmpty else {
            let known = AssetMethod.allCases.map(\.rawValue).joined(separator: ", ")
            return [("route", "is no route of the asset API: \(known) of \(AssetMethod.path)*")]
        }
        let able = fault.kind.methods(at: point)
        guard !reached.contains(where: able.contains) else { return [] }
        let struck = AssetMethod.allCases.filter(able.contains).map(\.rawValue).joined(separator: ", ")
        let place = point.map { " at \($0.rawValue)" } ?? ""
        return [("route", "is none that \(fault.kind.rawValue)\(place) strikes: \(struck) of \(AssetMethod.path)*")]
    }
}

/// The methods of the asset API (contract §4).
public enum AssetMethod: String, Sendable, Hashable, CaseIterable {
    case put = "PUT"
    case get = "GET"
    case head = "HEAD"
    case delete = "DELETE"

    /// Where the assets are.
    static let path = "/api/v2/assets/"
}

extension FaultKind {
    /// Whether a request for this operation has in it what the kind strikes.
    public func strikes(_ operation: OperationName) -> Bool {
        switch self {
        case .lostWrite: operation.hasEffect
        case .staleRead: !operation.hasEffect
        default: true
        }
    }

    /// The methods whose requests, or answers, have in them what the kind strikes at this point: a body, or a wish to
    /// keep something.
    public func methods(at phase: FaultPhase?) -> Set<AssetMethod> {
        switch (self, phase) {
        case (.httpFull, _), (.httpCorrupt, .beforeEffect): [.put]
        case (.httpTruncate, _), (.httpDribble, _), (.httpCorrupt, _): [.put, .get]
        default: Set(AssetMethod.allCases)
        }
    }
}

extension OperationName {
    /// What of a request's data a rule can look at (contract §3).
    fileprivate var matchableFields: Set<String> {
        switch self {
        case .createImage: ["name", "type", "theme"]
        case .listImages: ["type", "theme"]
        case .updateImage: ["image_id", "name", "type", "theme"]
        case .getImage, .createImageVersion, .listImageVersions, .deleteImage: ["image_id"]
        }
    }
}
