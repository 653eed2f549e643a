/// The bounds on what is asked of others for a health report.
enum ProbeLimits {
    /// How long a dependency may take to answer; then it is not well. Supervisors often wait for `/health` no longer than
    /// a second.
    static let timeout = Duration.milliseconds(900)
    /// How long an answer is kept.
    static let lifetime = Duration.milliseconds(500)
}
