/// Which checks a run has.
public struct Selection: Sendable, Hashable {
    /// All where empty.
    public var profiles: [Profile]
    /// These only, where not empty: ids of checks or of requirements.
    public var only: [String]
    /// Without these: ids of checks or of requirements.
    public var skip: [String]

    public init(profiles: [Profile] = [], only: [String] = [], skip: [String] = []) {
        self.profiles = profiles
        self.only = only
        self.skip = skip
    }

    /// Names that neither a check nor a requirement of one has.
    public var unknown: [String] {
        (only + skip).filter { name in
            !Catalogue.checks.contains { $0.id == name || $0.requirements.contains(name) }
        }
    }

    public func apply(to checks: [Check]) -> [Check] {
        checks.filter { check in
            let names = [check.id] + check.requirements
            return (profiles.isEmpty || profiles.contains(check.profile))
                && (only.isEmpty || names.contains(where: only.contains)) && !names.contains(where: skip.contains)
        }
    }
}
