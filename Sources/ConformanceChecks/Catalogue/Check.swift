/// One check of the protocol: which sentences it stands for, what it needs, and how it looks.
///
///     Check("delete.reply", "delete_image answers the id", .core, ["HUB-DEL-003"]) { check in … }
///
/// `run` returns where the service does what the sentences say, throws `CheckFailure` where it does not, `Obstacle` where
/// that could not be found out, and anything else where the checker itself is broken.
public struct Check: Sendable {
    /// How a run of the check uses the service.
    public enum Company: Sendable {
        /// Beside other checks.
        case shared
        /// After all of these, by itself: it restarts the service or cuts its connections.
        case alone
        /// After all others, by itself: it sends what a service may die of.
        case last
    }

    /// Stable kebab-case name, such as `reply.correlation-id`.
    public let id: String
    /// What is right, in one line.
    public let title: String
    public let profile: Profile
    /// Ids of the sentences of the document.
    public let requirements: [String]
    public let needs: [Capability]
    public let company: Company
    /// Whether it is about every reply of the run: what it has found out is known when the run is over.
    var isOfEveryReply: Bool { ReplyRule.all.contains { $0.check == id } }
    /// Whether it moves, or waits, so much that it is not run against every mistake of the self-test.
    public let isHeavy: Bool
    let run: @Sendable (CheckContext) async throws -> Void

    init(
        _ id: String,
        _ title: String,
        _ profile: Profile,
        _ requirements: [String],
        needs: [Capability] = [],
        company: Company = .shared,
        isHeavy: Bool = false,
        run: @escaping @Sendable (CheckContext) async throws -> Void
    ) {
        self.id = id
        self.title = title
        self.profile = profile
        self.requirements = requirements
        self.needs = needs
        self.company = company
        self.isHeavy = isHeavy
        self.run = run
    }

    /// The same check, where it needs something more.
    func needing(_ capability: Capability) -> Check {
        Check(
            id,
            title,
            profile,
            requirements,
            needs: needs + [capability],
            company: company,
            isHeavy: isHeavy,
            run: run
        )
    }
}
